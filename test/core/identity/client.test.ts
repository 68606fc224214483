import { describe, expect, test } from "vitest";
import { isUnknownOutcome } from "../../../core/src/connection/failure-certainty.js";
import { type ClientOptions, OrgConnectionsClient } from "../../../core/src/api/client.js";
import { catchError, everyCall, expectNoTrace, SINK, ID } from "../api/harness.js";
import {
  CANARY,
  createErrorReply,
  createIdentityClient,
  createTokenReply,
  toExpires,
  useIdentityServer,
} from "./identity-server.js";

const server = useIdentityServer();
const calls = Object.entries(everyCall);
const createClient = (more: Partial<ClientOptions> = {}) => createIdentityClient(server.options(more));

const getTokens = () => server.calls.map(({ headers }) => headers.authorization);

describe("a request", () => {
  test.each(calls)("%s carries the access token alone", async (_, call) => {
    await call(createClient());
    expect(getTokens()).toEqual([`Bearer ${CANARY}-token-1`]);
    const names = server.calls.flatMap(({ headers }) => Object.keys(headers));
    expect(names.filter((name) => name.startsWith("dd-"))).toEqual([]);
  });

  test("is one of 100 concurrent ones, which need one exchange", async () => {
    const client = createClient({ maxConcurrent: 32 });
    await Promise.all(Array.from({ length: 100 }, () => client.list()));
    expect(server.calls).toHaveLength(100);
    expect(server.exchanges).toHaveLength(1);
  });

  test("that is a write gets its token before the engine is checked", async () => {
    const order: string[] = [];
    server.onExchange(() => void order.push("exchange"));
    server.onCall(() => void order.push("create"));
    const beforeWrite = () => Promise.resolve(void order.push("engine"));
    await createClient({ beforeWrite }).create(SINK, ["logs"]);
    expect(order).toEqual(["exchange", "engine", "create"]);
  });

  test("is not sent if the exchange fails, and a write has no unknown outcome then", async () => {
    server.onExchange(() => createErrorReply(500));
    let checks = 0;
    const beforeWrite = () => {
      checks++;
      return Promise.resolve();
    };
    for (const [, call] of calls) {
      const error = await catchError(call(createClient({ beforeWrite })));
      expect(error.code).toBe("server-error");
      expect(isUnknownOutcome(error)).toBe(false);
    }
    expect([server.calls.length, checks]).toEqual([0, 0]);
  });

  test("is never sent without a token", () => {
    expect(() => new OrgConnectionsClient(server.options())).toThrow("access tokens");
  });
});

describe("a 401", () => {
  test.each(calls)("once: %s is sent again with another token", async (_, call) => {
    server.onCall((number) => (number === 1 ? createErrorReply(401) : undefined));
    await call(createClient({ retry: { maxAttempts: 1 } }));
    expect(getTokens()).toEqual([`Bearer ${CANARY}-token-1`, `Bearer ${CANARY}-token-2`]);
    expect(server.exchanges).toHaveLength(2);
  });

  test("of 100 concurrent requests needs one exchange more", async () => {
    const client = createClient({ maxConcurrent: 8 });
    await client.list();
    server.revokeTokens();
    await Promise.all(Array.from({ length: 100 }, () => client.list()));
    expect(server.exchanges).toHaveLength(2);
    expect(server.calls.length).toBeLessThanOrEqual(1 + 100 + 8);
  });

  test("always: each call ends, and the exchanges are bounded", async () => {
    server.onCall(() => createErrorReply(401));
    const client = createClient();
    const errors = await Promise.all(Array.from({ length: 50 }, () => catchError(client.list())));
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["unauthenticated"]));
    expect(server.exchanges).toHaveLength(2);
    expect(server.calls.length).toBeLessThanOrEqual(100);
    for (const error of errors) expectNoTrace(error, [CANARY]);
    expect(errors[0]?.happened).toContain("the workload identity in DD_CLOUD_PROVIDER_TYPE__PAYMENTS");
  });

  test("without a message of the API: a create is not sent again, because an intermediary may have forwarded it", async () => {
    server.onCall((number) => (number === 1 ? { status: 401, body: "<html>" } : undefined));
    const client = createClient();
    const error = await catchError(client.create(SINK, ["logs"]));
    expect(isUnknownOutcome(error)).toBe(true);
    expect(server.calls).toHaveLength(1);
    // The next request has another token.
    await client.list();
    expect(getTokens()[1]).toBe(`Bearer ${CANARY}-token-2`);
  });

  test("that exhausts the rate limit: the error says that the call was not sent again", async () => {
    const headers = { "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600" };
    server.onCall(() => createErrorReply(401, headers));
    const error = await catchError(createClient({ maxConcurrent: 1 }).list());
    expect(error.code).toBe("rate-limited");
    expect(error.message).toContain("not sent again");
    expect(server.calls).toHaveLength(1);
  });

  test("and then a refused exchange: the error is the refusal", async () => {
    server.onExchange((number) => (number > 1 ? createErrorReply(401) : undefined));
    const client = createClient();
    await client.list();
    server.revokeTokens();
    expect((await catchError(client.update(ID, ["logs"]))).code).toBe("identity-refused");
  });
});

describe("a write whose first attempt has an unknown outcome", () => {
  test.each([
    ["update", (client: OrgConnectionsClient) => client.update(ID, ["logs"])],
    ["delete", (client: OrgConnectionsClient) => client.delete(ID)],
  ] as const)("%s: the failure of a later exchange does not hide it", async (_, write) => {
    server.onCall((number) => {
      if (number === 1) return undefined;
      return number === 2 ? createErrorReply(503) : createErrorReply(401);
    });
    server.onExchange((number) => (number > 1 ? createErrorReply(403) : undefined));
    const client = createClient();
    await client.list();
    const error = await catchError(write(client));
    expect(error).toMatchObject({ code: "server-error", facts: { status: 503 } });
    expect(isUnknownOutcome(error)).toBe(true);
    expect(server.exchanges).toHaveLength(2);
  });

  test("a 401 of an intermediary: the failure of the next exchange does not hide it either", async () => {
    server.onCall((number) => (number === 2 ? { status: 401, body: "<html>" } : undefined));
    server.onExchange((number) => (number > 1 ? createErrorReply(403) : undefined));
    const client = createClient();
    await client.list();
    const error = await catchError(client.delete(ID));
    expect([error.code, isUnknownOutcome(error)]).toEqual(["unauthenticated", true]);
    expect(server.exchanges).toHaveLength(2);
  });
});

describe("an exchange or a proof that hangs", () => {
  test("ends with its own timeouts, for all requests that wait for it", async () => {
    server.onExchange(() => ({ hang: true }));
    const client = createClient({ requestTimeoutMs: 50, retry: { maxAttempts: 2 } });
    const errors = await Promise.all(Array.from({ length: 10 }, () => catchError(client.list())));
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["timed-out"]));
    expect(server.exchanges).toHaveLength(2);
    expect(server.calls).toEqual([]);
  });

  test("delays a request no longer than its call may take, and the write is not sent", async () => {
    const clock = { now: () => performance.now(), sleep: () => Promise.resolve() };
    const client = createIdentityClient(server.options({ clock, retry: { callTimeoutMs: 100 } }), {
      obtainProof: () => new Promise(() => undefined),
    });
    const error = await catchError(client.create(SINK, ["logs"]));
    expect(error).toMatchObject({ code: "timed-out", facts: { call: "POST /api/v2/delegated-token" } });
    expect(isUnknownOutcome(error)).toBe(false);
    expect(server.calls).toEqual([]);
  });
});

test("a token that expires between two requests is renewed before it is used", async () => {
  let now = Date.now();
  server.onExchange((number) => {
    const expires = toExpires(number * 900);
    return createTokenReply({ access_token: `${CANARY}-${number}`, expires });
  });
  server.onCall(() => ({ body: { data: [] } }));
  const client = createIdentityClient(server.options(), { now: () => now });
  await client.list();
  now += 899_000;
  await client.list();
  expect(getTokens()).toEqual([`Bearer ${CANARY}-1`, `Bearer ${CANARY}-2`]);
});

describe("an error of a request does not contain the current token", () => {
  test.each([400, 403, 404, 409])("with status %i and an echo of it", async (status) => {
    server.onCall((_, { headers }) => ({
      status,
      body: { errors: [headers.authorization, `${CANARY}-proof-1`] },
    }));
    for (const [, call] of calls) {
      const error = await catchError(call(createClient()));
      expectNoTrace(error, [`${CANARY}-`]);
      expect(error.facts.apiErrors?.[0]).toBe("Bearer [credential]");
    }
  });

  test("after a renewal", async () => {
    server.onCall((number, { headers }) =>
      number === 1 ? createErrorReply(401) : { status: 400, body: { errors: [headers.authorization] } },
    );
    expectNoTrace(await catchError(createClient().list()), [`${CANARY}-`]);
    expect(getTokens()[1]).toBe(`Bearer ${CANARY}-token-2`);
  });
});

describe("a refusal with 403", () => {
  const catchForbidden = async (message: string) => {
    server.onCall(() => ({ status: 403, body: { errors: [message] } }));
    return catchError(createClient().list());
  };

  test("for a missing permission names the account of the identity, not the owner of a key", async () => {
    const { happened, advice } = await catchForbidden("Failed permission authorization checks");
    expect(happened).toContain("sent with the workload identity taken from DD_CLOUD_PROVIDER_TYPE__PAYMENTS");
    expect(advice).toMatch(/^Add it to the role of the account that the identity is mapped to/);
  });

  test("without a reason names it too", async () => {
    const { advice } = await catchForbidden("Forbidden");
    expect(advice).toContain("the account that the identity is mapped to is active and has the permissions");
    expect(advice).not.toContain("key");
  });
});
