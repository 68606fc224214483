/** A last attempt that certainly changed nothing must not hide that an earlier one may have taken effect. */
import { beforeEach, expect, test } from "vitest";
import { ApiCalls } from "../../../core/src/api/call.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { NoResponseError, PROXY_REFUSED, TIMED_OUT } from "../../../core/src/api/network.js";
import { type ApiResponse } from "../../../core/src/api/http.js";
import type { RouteName } from "../../../core/src/api/routes.js";
import { catchError, createFakeClock, createKeys, ID } from "./harness.js";

/** The reasons of the waits in this test. */
let waits: string[] = [];
beforeEach(() => {
  waits = [];
});

/** Sends one request, whose attempts fail in turn, and returns the error of the call. */
function failWith(route: RouteName, ...failures: (NoResponseError | ApiResponse)[]) {
  return failAfterWrites(Infinity, route, ...failures);
}

/** As {@link failWith}. After this count of writes, the operation is canceled. */
function failAfterWrites(
  writeCount: number,
  route: RouteName,
  ...failures: (NoResponseError | ApiResponse)[]
) {
  let writes = 0;
  const send = () => {
    const failure = failures.shift() ?? new Error("no further attempt was expected");
    return failure instanceof Error ? Promise.reject(failure) : Promise.resolve(failure);
  };
  const calls = new ApiCalls(
    {
      baseUrl: "https://api.datadoghq.com",
      authentication: createKeys("a", "b"),
      label: "the default organization",
      credentialsFrom: "DD_API_KEY and DD_APP_KEY",
      clock: createFakeClock(),
      onWait: ({ reason }) => void waits.push(reason),
      beforeWrite: () =>
        writes++ < writeCount
          ? Promise.resolve()
          : Promise.reject(new OrgConnectionsError("canceled", "not sent")),
    },
    { open: () => Promise.resolve({ send, dropToken: () => false }), listSecrets: () => [] },
  );
  return catchError(calls.send({ route, connectionId: ID }, () => undefined));
}

const refused = (status: number) => new NoResponseError(PROXY_REFUSED, status);

test.each([
  ["a proxy refuses", refused(407)],
  ["the name does not resolve", new NoResponseError("ENOTFOUND")],
])("if %s after an update that timed out, the error is that of the update", async (_, failure) => {
  const { code, happened } = await failWith("updateConnection", new NoResponseError(TIMED_OUT), failure);
  expect(code).toBe("timed-out");
  expect(happened).not.toContain("not sent");
});

test("if only 429 follow an update that timed out, the error is that of the update", async () => {
  const limited = Array.from({ length: 5 }, () => ({ status: 429, headers: {}, text: "" }));
  const { code } = await failWith("updateConnection", new NoResponseError(TIMED_OUT), ...limited);
  expect(code).toBe("timed-out");
});

test.each([
  [400, "bad-request"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [409, "conflict"],
])("if the API responds with %i after an update that failed, the error has both", async (status, code) => {
  const text = JSON.stringify({ errors: ["Refused by a rule"] });
  const refusal = { status, headers: {}, text };
  const error = await failWith("updateConnection", new NoResponseError("ECONNRESET"), refusal);
  expect(error.code).toBe("connection-failed");
  expect(error.facts).toEqual({ call: "PATCH /api/v2/org_connections/{id}", networkCode: "ECONNRESET" });
  expect(error.message).toContain("ECONNRESET");
  const alone = await failWith("updateConnection", refusal);
  expect(alone.code).toBe(code);
  expect(error.happened).toContain(`The last attempt was rejected: ${alone.happened}`);
  expect(error.advice).toEqual(alone.advice ?? expect.stringMatching(/^Check the network, /));
  expect(error.message).toContain("Refused by a rule");
});

test.each(["updateConnection", "deleteConnection"] as const)(
  "a 404 after a failed %s is the error, because the connection no longer exists",
  async (route) => {
    const missing = { status: 404, headers: {}, text: '{"errors":["Not found"]}' };
    const { code } = await failWith(route, new NoResponseError("ECONNRESET"), missing);
    expect(code).toBe("not-found");
  },
);

test("if the operation is canceled after an update that timed out, the error is that of the update", async () => {
  const { code } = await failAfterWrites(1, "updateConnection", new NoResponseError(TIMED_OUT));
  expect(code).toBe("timed-out");
  expect((await failAfterWrites(0, "updateConnection")).code).toBe("canceled");
});

test("if no attempt was sent, the error says so", async () => {
  const { code, happened } = await failWith("deleteConnection", refused(502), refused(407));
  expect(code).toBe("proxy-refused");
  expect(happened).toContain("after 2 attempts. The last attempt was not sent");
});

test.each([
  ["the proxy refused the network connection", refused(503)],
  ["the host name did not resolve", new NoResponseError("EAI_AGAIN")],
  ["there was no response in time", new NoResponseError(TIMED_OUT)],
  ["the network connection failed", new NoResponseError("ECONNRESET")],
])("the reason of a wait is that %s", async (reason, failure) => {
  await failWith("listOrganizations", failure, refused(407));
  expect(waits).toEqual([reason]);
});

test("a read reports its last failure", async () => {
  const { code } = await failWith("listOrganizations", new NoResponseError(TIMED_OUT), refused(407));
  expect(code).toBe("proxy-refused");
});
