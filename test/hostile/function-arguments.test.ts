/** Hostile arguments of functions end with the correct result, or with one clear error of the package. */
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { getOrgConnections, getOrgConnectionsOutput } from "../../provider/src/functions/connections.js";
import {
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
} from "../../provider/src/functions/organizations.js";
import { useProgram } from "../provider/resources/program.js";
import { useSandbox } from "../sandbox/harness.js";
import { expectUnpolluted, RUNS, UNPRINTABLE } from "./arbitraries.js";
import { given } from "./exotic-values.js";

// An Output that fails rejects several promises; a test awaits only one of them.
useProgram();
const sandbox = useSandbox();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
beforeEach(() => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  vi.stubEnv("DD_API_KEY__DEFAULT", apiKey);
  vi.stubEnv("DD_APP_KEY__DEFAULT", appKey);
  vi.stubEnv("DD_HOST__DEFAULT", sandbox().url);
});
beforeEach(() => {
  for (const sink of ["observability", "security"]) sandbox().connect({ source: "payments", sink });
});

type FunctionCall = (args: unknown) => unknown;
const FUNCTIONS: Record<string, { calls: [FunctionCall, FunctionCall]; valid: object }> = {
  getOrganizations: {
    calls: [getOrganizations as FunctionCall, getOrganizationsOutput as FunctionCall],
    valid: {},
  },
  getOrganization: {
    calls: [getOrganization as FunctionCall, getOrganizationOutput as FunctionCall],
    valid: { id: HUB },
  },
  getOrgConnections: {
    calls: [getOrgConnections as FunctionCall, getOrgConnectionsOutput as FunctionCall],
    valid: { sinkOrgId: HUB },
  },
};

interface Eventual {
  promise(): Promise<unknown>;
}
/** Returns the result or the error of either form of the function. */
async function getOutcome(call: () => unknown): Promise<{ response: unknown } | { error: unknown }> {
  try {
    const asked = call();
    return { response: await (asked instanceof Promise ? asked : (asked as Eventual).promise()) };
  } catch (error) {
    return { error };
  }
}

function expectClear(error: unknown): void {
  if (!isOrgConnectionsError(error)) throw error;
  expect(error.message).not.toMatch(UNPRINTABLE);
  expect(error.stack).not.toMatch(/\n\s+at /);
  expect(error.message).not.toContain("sandbox-app-key");
}

describe.each(Object.entries(FUNCTIONS))("%s", (name, { calls, valid }) => {
  const keys = ["source", "name", "id", "sinkOrgId", "sourceOrgId", "other", "__proto__", "constructor"];

  test("with hostile arguments", { timeout: 120_000 }, async () => {
    const argument = fc.tuple(fc.constantFrom(...keys), given);
    await fc.assert(
      fc.asyncProperty(argument, fc.boolean(), async ([key, one], isOutput) => {
        // The rejection of a Promise of the program is reported unchanged; this test does not cover it.
        fc.pre(one.outcome !== "failed");
        const args = Object.fromEntries([...Object.entries(valid), [key, one.make()]]);
        const outcome = await getOutcome(() => calls[isOutput ? 1 : 0](args));
        expectUnpolluted();
        if ("error" in outcome) expectClear(outcome.error);
        // Only null equals an omitted argument. With unknown arguments, no request is sent.
        else if (one.outcome === "unknown") expect(outcome.response).toBeUndefined();
        else expect([key, one.value]).toEqual([key, null]);
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 3) },
    );
  });

  test.each([undefined, null, 7, "x", [], Symbol("x"), new Map(), () => 1])("with %s", async (args) => {
    for (const call of calls) {
      const outcome = await getOutcome(() => call(args));
      if ("error" in outcome) expectClear(outcome.error);
      // Without arguments, two of the functions return everything.
      else expect([name, args]).not.toEqual(["getOrganization", args]);
    }
  });
});

describe("an argument that would change the meaning of the call", () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      "a misspelt source",
      () => getOrganizations({ soruce: "search" } as never),
      "`soruce` is not an argument",
    ],
    ["a misspelt filter", () => getOrgConnections({ sink: HUB } as never), "`sink` is not an argument"],
    ["a name as a UUID", () => getOrgConnections({ sinkOrgId: "Acme" }), "`sinkOrgId` is not the UUID"],
    [
      "a source that is a function",
      () => getOrganizations({ source: (() => "x") as never }),
      "`source` must be a string",
    ],
    ["no arguments", () => getOrganization(undefined as never), "takes a plain object of arguments"],
    ["a number as a name", () => getOrganization({ name: 7 as never }), "`name` must be a string"],
  ])("%s is rejected", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test("a valid call returns its result", async () => {
    expect(
      await getOrgConnections({ sinkOrgId: ` ${HUB.toUpperCase()} `, source: undefined as never }),
    ).toMatchObject([{ sink: { id: HUB } }]);
  });
});
