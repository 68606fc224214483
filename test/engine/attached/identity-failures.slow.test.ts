/**
 * Failures of a workload identity with the real engine. For each: nothing is lost, no other credentials are used, the code of the
 * error names the step, the count of exchanges has a limit, and one `up` finishes once the cause is gone.
 */
import { OrgConnection } from "../../../provider/src/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type Fault, type Sandbox } from "../../../sandbox/src/index.js";
import type { ErrorCode } from "../../../core/src/api/error-codes.js";
import { expectSettled, expectStateIsLive } from "../expect-settled.js";
import {
  countExchanges,
  createIdentityStack,
  expectNoOtherCredentials,
  getJobVariables,
} from "../identity-stack.js";
import { useEngine, type Stack } from "../stack.js";

const engine = useEngine();
const EXCHANGE = "POST /api/v2/delegated-token";
/** A program of three connections, and a change of each kind: an update, a delete, a create, and none. */
const BEFORE = { observability: "logs", security: "logs", search: "logs" };
const AFTER = { observability: "audit", search: "logs", checkout: "metrics" };

const declareAll = (connections: Record<string, string>) => () => {
  for (const [sink, type] of Object.entries(connections))
    new OrgConnection(sink, { sinkOrgId: engine.getOrgId(sink), connectionTypes: [type] });
};
const formatLive = (connections: Record<string, string>) =>
  Object.entries(connections)
    .map(([sink, types]) => `payments → ${sink}: ${types}`)
    .sort();

/** Whose issuer the organization does not know. */
let otherSandbox: Sandbox;
beforeAll(async () => {
  otherSandbox = await startSandbox();
});
afterAll(() => otherSandbox.close());

/** Injects a fault into each exchange. */
const failExchanges = (what: Fault["what"]) =>
  void engine.sandbox.fail({
    on: { route: "exchangeToken" },
    times: Infinity,
    moment: "before",
    what,
  });
const setVariables = (stack: Stack, variables: Record<string, string>) =>
  void (stack.env = { ...stack.env, ...variables });

interface Failure {
  of: string;
  code: ErrorCode;
  fail: (stack: Stack) => unknown;
  /** The call that the error names. */
  call?: string;
  /** The maximum count of exchanges of one operation. */
  maxExchanges: number;
}

const API_ROUTES = [
  "listConnections",
  "listOrganizations",
  "createConnection",
  "updateConnection",
  "deleteConnection",
] as const;

const failures: Failure[] = [
  {
    of: "a 401 of every request with an access token",
    code: "unauthenticated",
    fail: () => {
      for (const route of API_ROUTES) {
        const what = { kind: "status", status: 401 } as const;
        engine.sandbox.fail({ on: { route }, times: Infinity, moment: "before", what });
      }
    },
    call: "/api/v2/org",
    maxExchanges: 2,
  },
  {
    of: "a proof that is refused",
    code: "identity-refused",
    fail: (stack) => setVariables(stack, getJobVariables(otherSandbox)),
    call: EXCHANGE,
    maxExchanges: 1,
  },
  {
    of: "an identity that is not mapped",
    code: "identity-not-mapped",
    fail: (stack) => setVariables(stack, getJobVariables(engine.sandbox, "acme/other")),
    call: EXCHANGE,
    maxExchanges: 1,
  },
  {
    of: "an exchange that hangs",
    code: "timed-out",
    fail: () => failExchanges({ kind: "hang" }),
    call: EXCHANGE,
    // A check and a change of each of four resources, with two attempts.
    maxExchanges: 16,
  },
  {
    of: "an exchange that responds with 429",
    code: "rate-limited",
    fail: () => failExchanges({ kind: "status", status: 429, headers: { "X-RateLimit-Reset": "3600" } }),
    call: EXCHANGE,
    maxExchanges: 1,
  },
  {
    of: "an issuer that does not respond",
    code: "issuer-unreachable",
    // Port 9 discards.
    fail: (stack) => setVariables(stack, { ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:9/?version=1" }),
    maxExchanges: 0,
  },
  {
    of: "a job that may not request tokens",
    code: "identity-missing",
    fail: (stack) => setVariables(stack, { ACTIONS_ID_TOKEN_REQUEST_URL: "" }),
    maxExchanges: 0,
  },
];

describe("nothing is lost, and no other credentials are used, after", () => {
  it.each(failures)("$of", async ({ code, fail, call, maxExchanges }) => {
    const stack = createIdentityStack(engine, declareAll(BEFORE));
    await stack.setConfig("datadog-org-connections:requestTimeoutSeconds", "1");
    await stack.setConfig("datadog-org-connections:maxAttempts", "2");
    await stack.expectUp();
    const { env } = stack;

    stack.writeProgram(declareAll(AFTER));
    await fail(stack);
    for (const run of ["up", "refresh", "destroy"] as const) {
      engine.sandbox.clearRequests();
      // One resource after the other, so that they do not share an exchange.
      const flags = ["--parallel=1", ...(run === "refresh" ? [] : ["--continue-on-error"])];
      const { code: exitCode, errors, output } = await stack[run](...flags);
      expect(exitCode, output).not.toBe(0);
      expect(errors.join(), run).toContain(`[${code}]`);
      if (call !== undefined) expect(errors.join(), run).toContain(call);
      expect(countExchanges(engine.sandbox), run).toBeLessThanOrEqual(maxExchanges);
      expectNoOtherCredentials(engine.sandbox);
    }
    expect(engine.listLive()).toEqual(formatLive(BEFORE));
    await expectStateIsLive(engine, stack);

    engine.sandbox.clearFaults();
    stack.env = env;
    await stack.expectUp();
    expect(engine.listLive()).toEqual(formatLive(AFTER));
    await expectSettled(engine, stack);
    expectNoOtherCredentials(engine.sandbox);
  });
});
