/** Stacks whose default organization has GitHub's form of a workload identity. */
import { expect } from "vitest";
import type { Sandbox } from "../../sandbox/src/index.js";
import type { Program } from "./attached/attach.js";
import type { Stack, useEngine } from "./stack.js";

/** The claim that the organization maps to an account. */
const REPOSITORY = "acme/infrastructure";

/** Returns the variables that GitHub Actions sets for a job that may request tokens. */
export const getJobVariables = ({ issuer }: Sandbox, repository = REPOSITORY): Record<string, string> => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.github.requestUrl}&repository=${encodeURIComponent(repository)}`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
});

/**
 * Creates a stack of `payments` with an identity. Its keys, which are valid too, are in the environment at a lower level, so that a
 * failure that leads to them is found.
 */
export function createIdentityStack(engine: ReturnType<typeof useEngine>, program: string | Program): Stack {
  const { sandbox } = engine;
  const identity = { type: "jwt", claims: { repository: REPOSITORY } } as const;
  sandbox.mapIdentity({ organization: "payments", identity });
  const stack = engine.createStack(program);
  stack.env = {
    ...stack.env,
    ...getJobVariables(sandbox),
    DD_CLOUD_PROVIDER_TYPE__DEFAULT: "github",
    DD_ORG_UUID__DEFAULT: sandbox.getOrganization("payments").id,
  };
  return stack;
}

/** Counts the exchanges. */
export const countExchanges = ({ requests }: Pick<Sandbox, "requests">): number =>
  requests.filter(({ route }) => route === "exchangeToken").length;

/** Expects that each request carried an access token, or the proof if it is an exchange, and nothing else. */
export function expectNoOtherCredentials({ requests }: Pick<Sandbox, "requests">): void {
  const others = requests.filter(
    ({ route, credentials }) => credentials !== (route === "exchangeToken" ? "proof" : "token"),
  );
  expect(others).toEqual([]);
}
