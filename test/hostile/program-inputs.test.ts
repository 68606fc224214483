/** Hostile arguments of resources are registered unchanged, or end with one clear error of the package. */
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { OrgConnection } from "../../provider/src/resources/org-connection.js";
import { OrgConnectionSet } from "../../provider/src/resources/org-connection-set.js";
import { expectUnpolluted, RUNS, UNPRINTABLE } from "./arbitraries.js";
import { given, type GivenValue } from "./exotic-values.js";
import { isUnknown, removeSecretMarkers, useProgram, type Run } from "../provider/resources/program.js";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const ORGANIZATIONS = "datadog-org-connections:organizations";
const run = useProgram();
beforeAll(() => {
  const keys = { apiKey: "canary-api-key", appKey: "canary-app-key" };
  setAllConfig({ [ORGANIZATIONS]: JSON.stringify({ payments: keys }) }, [ORGANIZATIONS]);
});

type Arguments = Record<string, GivenValue>;
const createGiven = (value: unknown): GivenValue => ({
  name: JSON.stringify(value),
  make: () => value,
  outcome: "sent",
  value,
});
/** Valid arguments. The tests replace one or two of them. */
const KINDS = {
  OrgConnection: {
    declare: (name: unknown, args: unknown, opts?: unknown) =>
      new OrgConnection(name as never, args as never, opts as never),
    valid: {
      source: createGiven("payments"),
      sinkOrgId: createGiven(HUB),
      connectionTypes: createGiven(["logs"]),
      reason: createGiven("x"),
      adopt: createGiven(true),
    },
  },
  OrgConnectionSet: {
    declare: (name: unknown, args: unknown, opts?: unknown) =>
      new OrgConnectionSet(name as never, args as never, opts as never),
    valid: {
      source: createGiven("payments"),
      connections: createGiven({ [HUB]: ["logs"] }),
      exclusive: createGiven(true),
      reason: createGiven("x"),
      adopt: createGiven(false),
    },
  },
};
const createArguments = (valid: Arguments): fc.Arbitrary<Arguments> =>
  fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(valid), "other"), given), { minLength: 1, maxLength: 2 })
    .map((changes) => ({ ...valid, ...Object.fromEntries(changes) }));

/** Whether a value is plain data, although maybe of the wrong type. Only check may reject it. */
function isPlainData(value: unknown, depth = 0): boolean {
  if (depth > 50) return false;
  if (typeof value === "string") return !/\p{Cs}/u.test(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([key, field]) =>
      !["__proto__", "toString", "valueOf"].includes(key) &&
      isPlainData(key) &&
      isPlainData(field, depth + 1),
  );
}

function expectClear(error: unknown): void {
  if (!isOrgConnectionsError(error, "invalid-input")) throw error;
  expect(error.message).not.toMatch(UNPRINTABLE);
  expect(error.message.length).toBeLessThan(1000);
  expect(error.stack).not.toMatch(/\n\s+at /);
  expect(JSON.stringify([error.message, error.facts])).not.toContain("canary");
}

/** Expects that the program failed and registered nothing. */
function expectFailed({ registered, errors }: Run, mayBeItsOwn = false): void {
  expect(registered).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    // The rejection of a Promise of the program is reported unchanged.
    const isItsOwn = mayBeItsOwn && error instanceof Error && /(^|: )no$/.test(error.message);
    if (!isItsOwn) expectClear(error);
  }
}

describe.each(Object.entries(KINDS))("%s", (_, { declare, valid }) => {
  test("registers its arguments unchanged, or fails with a clear error", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(createArguments(valid), async (args) => {
        const made = Object.fromEntries(Object.entries(args).map(([key, one]) => [key, one.make()]));
        const ran = await run(() => declare("a", made));
        expectUnpolluted();
        const all = Object.values(args);
        const hasOutcome = (outcome: GivenValue["outcome"]) => all.some((one) => one.outcome === outcome);
        if (hasOutcome("refused") || hasOutcome("failed")) {
          expectFailed(ran, hasOutcome("failed"));
          return;
        }
        const [first, ...more] = ran.registered;
        if (!first) {
          expectFailed(ran);
          expect(all.every(({ value }) => isPlainData(value))).toBe(false);
          return;
        }
        expect([more, ran.errors]).toEqual([[], []]);
        for (const [key, { outcome, value }] of Object.entries(args)) {
          const sent = removeSecretMarkers(first.inputs[key]);
          if (outcome === "unknown") expect([key, isUnknown(sent)]).toEqual([key, true]);
          else expect([key, sent]).toEqual([key, value]);
        }
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 2) },
    );
  });
});
