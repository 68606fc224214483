import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../core/src/api/error-codes.js";
import { createExchange } from "../../../core/src/api/client.js";
import type { Identity } from "../../../core/src/api/identity.js";
import {
  CANARY,
  createErrorReply,
  createIdentity,
  createTokenReply,
  ORGANIZATION_ID,
  toExpires,
  useIdentityServer,
} from "../identity/identity-server.js";
import { catchError, createFakeClock, expectNoTrace } from "./harness.js";

const server = useIdentityServer();
const PROOF = `${CANARY}-proof`;

const exchange = (more: Parameters<typeof server.options>[0] = {}) =>
  createExchange(server.options(more))(PROOF);

describe("an exchange", () => {
  test("sends the proof alone, with an empty body", async () => {
    await exchange();
    const headers = { authorization: `Delegated ${PROOF}`, "content-type": "application/json" };
    expect(server.exchanges).toMatchObject([
      { method: "POST", path: "/api/v2/delegated-token", body: "", headers },
    ]);
    const names = server.exchanges.flatMap((request) => Object.keys(request.headers));
    expect(names.filter((name) => name.startsWith("dd-"))).toEqual([]);
  });

  test("returns the token and its end, which are in seconds as text", async () => {
    const expires = toExpires(600);
    server.onExchange(() => createTokenReply({ access_token: "a-token", expires }));
    expect(await exchange()).toEqual({ token: "a-token", expiresAt: Number(expires) * 1000 });
  });

  test.each([undefined, null, "soon", "", 12])(
    "returns a token of 15 minutes if the end is %j, as the official client does",
    async (expires) => {
      server.onExchange(() => createTokenReply({ access_token: "a-token", expires }));
      const before = Date.now();
      const { expiresAt } = await exchange();
      expect(expiresAt).toBeGreaterThanOrEqual(before + 900_000);
      expect(expiresAt).toBeLessThanOrEqual(Date.now() + 900_000);
    },
  );

  test("is repeated like a read, and never checks the engine as a write does", async () => {
    server.onExchange((number) => (number < 3 ? createErrorReply(503) : undefined));
    const beforeWrite = () => Promise.reject(new Error("not a write"));
    expect((await exchange({ beforeWrite })).token).toBe(`${CANARY}-token-3`);
  });

  test("ends after the last attempt, and after the timeout of each", async () => {
    server.onExchange(() => ({ hang: true }));
    const error = await catchError(exchange({ requestTimeoutMs: 50, retry: { maxAttempts: 3 } }));
    expect(error.code).toBe("timed-out");
    expect(error.message).toContain("after 3 attempts");
    expect(server.exchanges).toHaveLength(3);
  });

  test("waits for the rate limit, as every call does", async () => {
    const clock = createFakeClock();
    server.onExchange((number) =>
      number === 1 ? createErrorReply(429, { "X-RateLimit-Reset": "7" }) : undefined,
    );
    await exchange({ clock });
    expect(clock.slept).toEqual([7000]);
  });

  test("is not sent while the rate limit of earlier ones is exhausted", async () => {
    server.onExchange(() => createErrorReply(429, { "X-RateLimit-Reset": "3600" }));
    const send = createExchange(server.options());
    const errors = [await catchError(send(PROOF)), await catchError(send(PROOF))];
    expect(errors.map(({ code }) => code)).toEqual(["rate-limited", "rate-limited"]);
    expect(server.exchanges).toHaveLength(1);
  });
});

describe("a failed exchange", () => {
  const createDate = (minutes: number) => ({ Date: new Date(Date.now() + minutes * 60_000).toUTCString() });

  test.each<[number, ErrorCode]>([
    [400, "bad-request"],
    [401, "identity-refused"],
    [403, "identity-not-mapped"],
    // `not-found` and `conflict` are about connections.
    [404, "unexpected-status"],
    [409, "unexpected-status"],
    [429, "rate-limited"],
    [500, "server-error"],
    [302, "redirected"],
    [201, "unexpected-status"],
  ])("with status %i is %s", async (status, code) => {
    server.onExchange(() => createErrorReply(status));
    const error = await catchError(exchange());
    expect(error).toMatchObject({ code, facts: { status, call: "POST /api/v2/delegated-token" } });
    expect(error.message).toContain('organization "payments"');
    expect(error.message).toContain(
      `Datadog says: "refused with ${status}". (POST /api/v2/delegated-token: ${status})`,
    );
  });

  test.each<[number, number, ErrorCode]>([
    [401, 1.5, "identity-refused"],
    [401, NaN, "identity-refused"],
    [401, 3, "clock-wrong"],
    [401, -3, "clock-wrong"],
    [403, 3, "identity-not-mapped"],
  ])("with status %i and a server whose clock is %d minutes ahead is %s", async (status, minutes, code) => {
    server.onExchange(() => createErrorReply(status, createDate(minutes)));
    expect(await catchError(exchange())).toMatchObject({ code, facts: { status } });
  });

  test("with status 403 and truncated JSON is still a response of the API", async () => {
    server.onExchange(() => ({ ...createErrorReply(403, {}), body: '{"errors":["not map' }));
    expect(await catchError(exchange())).toMatchObject({ code: "identity-not-mapped" });
  });

  test.each<[number, string]>([
    [401, "<html>Log in</html>"],
    [403, "<html>Blocked by a rule</html>"],
    [403, "RBAC: access denied"],
    [403, ""],
  ])(
    "with status %i and %j, which an intermediary sent, says nothing about the identity",
    async (status, body) => {
      server.onExchange(() => ({
        status,
        body,
        headers: { ...createDate(10), "Content-Type": "text/html" },
      }));
      const { code, happened, advice, facts } = await catchError(exchange());
      expect([code, facts.status]).toEqual(["unexpected-status", status]);
      expect(happened).toMatch(/^The proof of .* was not exchanged .* is not from the Datadog API\.$/);
      expect(advice).toMatch(/proxy or gateway/);
    },
  );

  test.each([{}, [], { message: "Forbidden" }])(
    "with status 403 and the JSON %j is identity-not-mapped, because its form is not documented",
    async (body) => {
      server.onExchange(() => ({ status: 403, body }));
      expect((await catchError(exchange())).code).toBe("identity-not-mapped");
    },
  );

  test("whose token has already expired is a wrong clock", async () => {
    server.onExchange(() => createTokenReply({ access_token: `${CANARY}-token`, expires: toExpires(-1) }));
    const error = await catchError(exchange());
    expect(error).toMatchObject({ code: "clock-wrong", facts: { call: "POST /api/v2/delegated-token" } });
    expect(error.advice).toMatch(/^Correct the clock of this machine/);
  });

  test("with a wrong clock says how wrong it is", async () => {
    server.onExchange(() => createErrorReply(401, createDate(-5)));
    expect((await catchError(exchange())).happened).toMatch(/is 5 minutes ahead of the clock of http:/);
    server.onExchange(() => createErrorReply(401, createDate(10)));
    expect((await catchError(exchange())).happened).toMatch(/is 10 minutes behind the clock of http:/);
  });

  const createIdentityExchange = (identity: Identity) =>
    createExchange({ ...server.options(), authentication: createIdentity(identity) })(PROOF);

  test.each([401, 403])(
    "with %i names the type, the setting, the organization, and what to do next",
    async (status) => {
      server.onExchange(() => createErrorReply(status));
      const { happened, advice, message } = await catchError(exchange());
      expect(happened).toContain(
        'the proof of the GitHub Actions identity of organization "payments" (DD_CLOUD_PROVIDER_TYPE__PAYMENTS)',
      );
      expect(message).toContain(`organization ${ORGANIZATION_ID}`);
      expect(advice).toContain("persona mapping");
      expect(advice).toContain(`has the audience \`datadog/${ORGANIZATION_ID}\``);
    },
  );

  test.each<[Identity["type"], string]>([
    ["aws", "AWS"],
    ["azure", "Azure"],
  ])("of the type %s, whose proof has no audience, names the organization", async (type, name) => {
    server.onExchange(() => createErrorReply(403));
    const { happened, advice } = await catchError(createIdentityExchange({ type }));
    expect(happened).toContain(`the ${name} identity`);
    expect(advice).toContain(`${ORGANIZATION_ID}, the UUID in the proof, is that of organization`);
    expect(advice).not.toContain("audience");
  });
});

describe("no error contains a proof or a token", () => {
  const jwt = `${CANARY}.${"x".repeat(80)}`;
  const send = (proof: string) => createExchange(server.options({ retry: { maxAttempts: 1 } }))(proof);

  test.each([400, 401, 403, 404, 429, 500])("after status %i with an echo of the proof", async (status) => {
    server.onExchange(() => ({ status, body: { errors: [`${jwt}, oidc-${jwt} and Delegated ${jwt}`] } }));
    const error = await catchError(send(`oidc-${jwt}`));
    expectNoTrace(error, [CANARY]);
    expect(error.facts.apiErrors).toEqual(["[credential], [credential] and Delegated [credential]"]);
  });

  test("after an echo of the session token in a signed AWS request", async () => {
    const sessionToken = `${CANARY}/${"x".repeat(80)}+=`;
    const headers = JSON.stringify({ Host: ["sts.example"], "X-Amz-Security-Token": [sessionToken] });
    const [body, encoded, url] = ["Action=A", headers, "https://sts.example"].map((text) =>
      Buffer.from(text).toString("base64"),
    );
    server.onExchange(() => ({
      status: 401,
      body: { errors: [`${sessionToken} is unknown to sts.example`] },
    }));
    const error = await catchError(send(`${body}|${encoded}|POST|${url}`));
    expect(error.facts.apiErrors).toEqual(["[credential] is unknown to sts.example"]);
    expectNoTrace(error, [CANARY]);
  });

  test.each<[string, object | string]>([
    ["JSON of another shape", { data: { access_token: CANARY } }],
    ["a token that no header can contain", { data: { attributes: { access_token: `${CANARY}\n` } } }],
    ["an empty token", { data: { attributes: { access_token: "", expires: CANARY } } }],
    ["truncated JSON", `{"data":{"attributes":{"access_token":"${CANARY}`],
    ["HTML", `<html>${CANARY}</html>`],
  ])("after a success with %s", async (_, body) => {
    server.onExchange(() => ({ body }));
    const error = await catchError(send(jwt));
    expect(error.code).toBe("unexpected-response");
    expectNoTrace(error, [CANARY]);
  });

  test("after a redirect, which is not followed", async () => {
    server.onExchange(() => ({ status: 302, headers: { Location: `https://example.com/?${jwt}` } }));
    expectNoTrace(await catchError(send(jwt)), [CANARY]);
    expect(server.exchanges).toHaveLength(1);
  });
});
