/** Whatever a program asks for: an answer to that very question, or one clear error of the package. */
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
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

// An Output that fails does so in several promises, of which a test awaits one.
useProgram();
const sandbox = useSandbox();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
beforeAll(() => {
  const { apiKey, appKey } = sandbox().organization("payments");
  vi.stubEnv("DD_API_KEY__DEFAULT", apiKey);
  vi.stubEnv("DD_APP_KEY__DEFAULT", appKey);
  vi.stubEnv("DD_HOST__DEFAULT", sandbox().url);
});
beforeEach(() => {
  for (const sink of ["observability", "security"]) sandbox().connect({ source: "payments", sink });
});

type Ask = (args: unknown) => unknown;
const FUNCTIONS: Record<string, { asks: [Ask, Ask]; valid: object }> = {
  getOrganizations: { asks: [getOrganizations as Ask, getOrganizationsOutput as Ask], valid: {} },
  getOrganization: { asks: [getOrganization as Ask, getOrganizationOutput as Ask], valid: { id: HUB } },
  getOrgConnections: {
    asks: [getOrgConnections as Ask, getOrgConnectionsOutput as Ask],
    valid: { sinkOrgId: HUB },
  },
};

interface Eventual {
  promise(): Promise<unknown>;
}
/** The answer, or the error, of whichever form of the function. */
async function outcomeOf(ask: () => unknown): Promise<{ answer: unknown } | { error: unknown }> {
  try {
    const asked = ask();
    return { answer: await (asked instanceof Promise ? asked : (asked as Eventual).promise()) };
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

describe.each(Object.entries(FUNCTIONS))("%s", (name, { asks, valid }) => {
  const keys = ["source", "name", "id", "sinkOrgId", "sourceOrgId", "other", "__proto__", "constructor"];

  test("of arguments of any form", { timeout: 120_000 }, async () => {
    const argument = fc.tuple(fc.constantFrom(...keys), given);
    await fc.assert(
      fc.asyncProperty(argument, fc.boolean(), async ([key, one], isOutput) => {
        // What a Promise of the program rejects with is reported as it is; that is not asked here.
        fc.pre(one.outcome !== "failed");
        const args = Object.fromEntries([...Object.entries(valid), [key, one.make()]]);
        const outcome = await outcomeOf(() => asks[isOutput ? 1 : 0](args));
        expectUnpolluted();
        if ("error" in outcome) expectClear(outcome.error);
        // Only null is as good as an argument left out, and what is not known yet is not asked.
        else if (one.outcome === "unknown") expect(outcome.answer).toBeUndefined();
        else expect([key, one.value]).toEqual([key, null]);
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 3) },
    );
  });

  test.each([undefined, null, 7, "x", [], Symbol("x"), new Map(), () => 1])("of %s", async (args) => {
    for (const ask of asks) {
      const outcome = await outcomeOf(() => ask(args));
      if ("error" in outcome) expectClear(outcome.error);
      // Without arguments two of them ask for everything.
      else expect([name, args]).not.toEqual(["getOrganization", args]);
    }
  });
});

describe("a question that would be another one", () => {
  test.each<[string, () => Promise<unknown>, string]>([
    ["a misspelt source", () => getOrganizations({ soruce: "search" } as never), "`soruce` is no argument"],
    ["a misspelt filter", () => getOrgConnections({ sink: HUB } as never), "`sink` is no argument"],
    ["a name as a UUID", () => getOrgConnections({ sinkOrgId: "Acme" }), "`sinkOrgId` is not the UUID"],
    [
      "a source that is a function",
      () => getOrganizations({ source: (() => "x") as never }),
      "holds a function",
    ],
    ["no arguments", () => getOrganization(undefined as never), "takes a plain object of arguments"],
    ["a number as a name", () => getOrganization({ name: 7 as never }), "`name` must be a string"],
  ])("%s is refused", async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
  });

  test("a valid one is answered", async () => {
    expect(
      await getOrgConnections({ sinkOrgId: ` ${HUB.toUpperCase()} `, source: undefined as never }),
    ).toMatchObject([{ sink: { id: HUB } }]);
  });
});
