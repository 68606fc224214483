/** Whatever a program passes: registered exactly so, or one clear error of the package. */
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { OrgConnection } from "../../provider/src/resources/org-connection.js";
import { OrgConnectionSet } from "../../provider/src/resources/org-connection-set.js";
import { expectUnpolluted, RUNS, UNPRINTABLE } from "./arbitraries.js";
import { given, type Given } from "./exotic-values.js";
import { isUnknown, unsecret, useProgram, type Run } from "../provider/resources/program.js";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const ORGANIZATIONS = "datadog-org-connections:organizations";
const run = useProgram();
beforeAll(() => {
  const keys = { apiKey: "canary-api-key", appKey: "canary-app-key" };
  setAllConfig({ [ORGANIZATIONS]: JSON.stringify({ payments: keys }) }, [ORGANIZATIONS]);
});

type Arguments = Record<string, Given>;
const as = (value: unknown): Given => ({
  name: JSON.stringify(value),
  make: () => value,
  outcome: "sent",
  value,
});
/** Valid arguments, of which one or two are anything. */
const KINDS = {
  OrgConnection: {
    declare: (name: unknown, args: unknown, opts?: unknown) =>
      new OrgConnection(name as never, args as never, opts as never),
    declared: "sinkOrgId",
    valid: {
      source: as("payments"),
      sinkOrgId: as(HUB),
      connectionTypes: as(["logs"]),
      reason: as("x"),
      adopt: as(true),
    },
  },
  OrgConnectionSet: {
    declare: (name: unknown, args: unknown, opts?: unknown) =>
      new OrgConnectionSet(name as never, args as never, opts as never),
    declared: "connections",
    valid: {
      source: as("payments"),
      connections: as({ [HUB]: ["logs"] }),
      exclusive: as(true),
      reason: as("x"),
      adopt: as(false),
    },
  },
};
const argumentsOf = (valid: Arguments): fc.Arbitrary<Arguments> =>
  fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(valid), "other"), given), { minLength: 1, maxLength: 2 })
    .map((changes) => ({ ...valid, ...Object.fromEntries(changes) }));

/** Whether it is nothing but an honest value of the wrong kind: it must not be refused before check names it. */
function isTame(value: unknown, depth = 0): boolean {
  if (depth > 50) return false;
  if (typeof value === "string") return !/\p{Cs}/u.test(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([key, field]) =>
      !["__proto__", "toString", "valueOf"].includes(key) && isTame(key) && isTame(field, depth + 1),
  );
}

const isUnknownGiven = (one?: Given): boolean => one?.outcome === "unknown";

function expectClear(error: unknown): void {
  if (!isOrgConnectionsError(error, "invalid-input")) throw error;
  expect(error.message).not.toMatch(UNPRINTABLE);
  expect(error.message.length).toBeLessThan(1000);
  expect(error.stack).not.toMatch(/\n\s+at /);
  expect(JSON.stringify([error.message, error.facts])).not.toContain("canary");
}

/** The program has failed, and nothing was registered. */
function expectFailed({ registered, errors }: Run, mayBeItsOwn = false): void {
  expect(registered).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    // A Promise of the program that rejects: its error is reported as it is.
    const isItsOwn = mayBeItsOwn && error instanceof Error && /(^|: )no$/.test(error.message);
    if (!isItsOwn) expectClear(error);
  }
}

describe.each(Object.entries(KINDS))("%s", (_, { declare, declared, valid }) => {
  test("registers exactly what it was given, or fails with a clear error", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(argumentsOf(valid), async (args) => {
        const made = Object.fromEntries(Object.entries(args).map(([key, one]) => [key, one.make()]));
        const ran = await run(() => declare("a", made));
        expectUnpolluted();
        const all = Object.values(args);
        const has = (outcome: Given["outcome"]) => all.some((one) => one.outcome === outcome);
        if (has("refused") || has("failed")) {
          expectFailed(ran, has("failed"));
          return;
        }
        const [first, ...more] = ran.registered;
        if (!first) {
          expectFailed(ran);
          expect(all.every(({ value }) => isTame(value))).toBe(false);
          return;
        }
        expect([more, ran.errors]).toEqual([[], []]);
        for (const [key, { outcome, value }] of Object.entries(args)) {
          const sent = unsecret(first.inputs[key]);
          // A pair is declared once its source is known, and whether the set is exclusive.
          const waits = key === declared && [args["source"], args["exclusive"]].some(isUnknownGiven);
          if (outcome === "unknown" || waits) expect([key, isUnknown(sent)]).toEqual([key, true]);
          else expect([key, sent]).toEqual([key, value]);
        }
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 2) },
    );
  });
});
