/** A workload identity with the real engine. The fault table tests each kind of fault at each exchange, in process. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../../sandbox/src/index.js";
import { expectSettled, expectStateIsLive } from "../expect-settled.js";
import { useEngine, type Stack } from "../stack.js";
import type { Declaration } from "./declarations.js";

const engine = useEngine();
const { declare } = engine;
/** The claim that the organization maps to an account. */
const REPOSITORY = "acme/infrastructure";

/** Whose issuer the organization does not know. */
let otherSandbox: Sandbox;
beforeAll(async () => {
  otherSandbox = await startSandbox();
});
afterAll(() => otherSandbox.close());

/** The variables that GitHub Actions sets for a job that may request tokens. */
const getJobVariables = ({ issuer }: Sandbox, repository = REPOSITORY): Record<string, string> => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.github.requestUrl}&repository=${encodeURIComponent(repository)}`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
});

/**
 * Creates a stack of `payments` with an identity. Its keys, which are valid too, are in the environment at a lower level, so that a
 * failure that leads to them is found.
 */
function createIdentityStack(program: readonly Declaration[]): Stack {
  const identity = { type: "jwt", claims: { repository: REPOSITORY } } as const;
  engine.sandbox.mapIdentity({ organization: "payments", identity });
  const stack = engine.createStack(program);
  stack.env = {
    ...stack.env,
    ...getJobVariables(engine.sandbox),
    DD_CLOUD_PROVIDER_TYPE__DEFAULT: "github",
    DD_ORG_UUID__DEFAULT: engine.getOrgId("payments"),
  };
  return stack;
}

const countExchanges = () => engine.sandbox.requests.filter(({ route }) => route === "exchangeToken").length;

/** Expects that each request carried an access token, or the proof if it is an exchange, and nothing else. */
const expectNoOtherCredentials = () =>
  expect(
    engine.sandbox.requests.filter(
      ({ route, credentials }) => credentials !== (route === "exchangeToken" ? "proof" : "token"),
    ),
  ).toEqual([]);

describe.each(["dynamic", "plugin"] as const)("an identity with the %s host", (host) => {
  it("needs one exchange for each operation, and none without changes", async () => {
    const stack = createIdentityStack([{ ...declare("hub", "observability"), host }]);
    await stack.expectUp();
    expect(countExchanges()).toBe(1);
    await expectSettled(engine, stack);
    expect(countExchanges()).toBe(1);
    expect((await stack.destroy()).code).toBe(0);
    expect(countExchanges()).toBe(2);
    expect(engine.listLive()).toEqual([]);
    expectNoOtherCredentials();
  });
});

interface Failure {
  of: string;
  code: string;
  fail: (stack: Stack) => unknown;
  /** The maximum count of exchanges of one operation. */
  maxExchanges: number;
}

const failures: Failure[] = [
  {
    of: "a proof that is refused",
    code: "identity-refused",
    fail: (stack) => Object.assign(stack.env, getJobVariables(otherSandbox)),
    maxExchanges: 1,
  },
  {
    of: "an exchange that responds with 429",
    code: "rate-limited",
    fail: () =>
      engine.sandbox.fail({
        on: { route: "exchangeToken" },
        times: Infinity,
        moment: "before",
        what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "3600" } },
      }),
    maxExchanges: 1,
  },
  {
    of: "a job that may not request tokens",
    code: "identity-missing",
    fail: (stack) => Object.assign(stack.env, { ACTIONS_ID_TOKEN_REQUEST_URL: "" }),
    maxExchanges: 0,
  },
];

describe("nothing is lost, and no other credentials are used, after", () => {
  it.each(failures)("$of", async ({ code, fail, maxExchanges }) => {
    const stack = createIdentityStack([declare("hub", "observability"), declare("sec", "security")]);
    await stack.expectUp();
    const { env } = stack;
    stack.env = { ...env };
    const AUDIT = { connectionTypes: ["audit"] };
    stack.writeProgram([declare("hub", "observability", AUDIT), declare("search", "search")]);
    await fail(stack);
    for (const run of ["up", "refresh", "destroy"] as const) {
      engine.sandbox.clearRequests();
      // One resource after the other, so that they do not share an exchange.
      const flags = ["--parallel=1", ...(run === "refresh" ? [] : ["--continue-on-error"])];
      const { code: exitCode, errors, output } = await stack[run](...flags);
      expect(exitCode, output).not.toBe(0);
      expect(errors.join(), run).toContain(`[${code}]`);
      expect(countExchanges(), run).toBeLessThanOrEqual(maxExchanges);
      expectNoOtherCredentials();
    }
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    await expectStateIsLive(engine, stack);

    engine.sandbox.clearFaults();
    stack.env = env;
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → observability: audit", "payments → search: logs"]);
    await expectSettled(engine, stack);
  });
});
