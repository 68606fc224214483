/** Whatever a preview, a state or a policy holds: a report that can be printed, and never a clean one of what was not read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { set, single, idOf } from "../cli/changes/steps.js";
import { runCommand } from "../cli/run-command.js";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import {
  deepJson,
  expectUnpolluted,
  hostileJson,
  hostileText,
  mutationsOf,
  RUNS,
  UNPRINTABLE,
} from "./arbitraries.js";

const folder = mkdtempSync(path.join(tmpdir(), "hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CONFIG = {
  "datadog-org-connections:organizations": JSON.stringify({ payments: { id: idOf("payments") } }),
};
type Resource = ReturnType<typeof single> | ReturnType<typeof set>;
const stepOf = (op: string, oldState: Resource | undefined, newState?: Resource) => ({
  op,
  urn: (newState ?? oldState)?.urn,
  ...(oldState && { oldState }),
  ...(newState && { newState }),
});
const hub = single("to-hub", "hub", "logs, metrics");
const all = set({ hub: "logs", search: "audit" });
const stack = { op: "same", urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev" };

/** The JSON of a value; of none, no text. */
function textOf(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

/** Previews in which something stops being shared. */
const LOSSES: Record<
  string,
  { op: string; oldState?: Resource; newState?: Resource; urn: string | undefined }
> = {
  "a connection is deleted": stepOf("delete", hub),
  "a set is deleted": stepOf("delete", all),
  "a connection is replaced": stepOf("replace", hub, single("to-hub", "search", "logs")),
};

/** Everything a command may be given in a resource's state. What says which resource it is, and whose, stays. */
const FIXED = new Set(["urn", "type", "op", "external"]);
function mutatedState(state: Resource): fc.Arbitrary<unknown> {
  return mutationsOf(Object.fromEntries(Object.entries(state).filter(([key]) => !FIXED.has(key)))).map(
    (rest) => ({
      ...(typeof rest === "object" && rest !== null && !Array.isArray(rest) ? rest : { outputs: rest }),
      urn: state.urn,
      type: state.type,
    }),
  );
}

/** A set that shares nothing, as far as its state says anything. */
function isEmptySet(state: unknown): boolean {
  const { outputs } = state as { outputs?: { members?: unknown; connections?: unknown } };
  const keys = (value: unknown) => (typeof value === "object" && value !== null ? Object.keys(value) : []);
  const isEmpty = JSON.stringify(outputs?.members) === "{}";
  return isEmpty && (Array.isArray(outputs?.connections) || keys(outputs?.connections).length === 0);
}

const review = async (preview: unknown, ...args: string[]) =>
  runCommand(["review", "-", ...args], {
    stdin:
      typeof preview === "string"
        ? preview
        : JSON.stringify({ config: CONFIG, steps: [stack], ...(preview as object) }),
  });

function expectPrintable({ stdout, stderr, code }: Awaited<ReturnType<typeof runCommand>>): void {
  expect(stdout).not.toMatch(UNPRINTABLE);
  expect(stderr).not.toMatch(UNPRINTABLE);
  expect(stderr).not.toMatch(/TypeError|RangeError|undefined is not|Cannot read|\n\s+at /);
  expect([0, 1, 2, 3, 4, 5]).toContain(code);
  expectUnpolluted();
}

describe.each(Object.entries(LOSSES))("%s, by a state of any form", (_, step) => {
  test.each([
    ["Markdown", []],
    ["JSON", ["--json"]],
  ])("is never a clean report (%s)", { timeout: 300_000 }, async (__, args) => {
    const { oldState } = step;
    if (!oldState) throw new Error("nothing to lose");
    await fc.assert(
      fc.asyncProperty(mutatedState(oldState), async (state) => {
        fc.pre(!isEmptySet(state));
        const ran = await review({ steps: [stack, { ...step, oldState: state }] }, ...args);
        expectPrintable(ran);
        expect([1, 4]).toContain(ran.code);
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / (2 * Object.keys(LOSSES).length)) },
    );
  });
});

describe("a preview of any form", () => {
  test("makes a report that can be printed, or an error", { timeout: 300_000 }, async () => {
    const base = {
      config: CONFIG,
      steps: Object.values(LOSSES),
      diagnostics: [{ severity: "info", message: "x" }],
    };
    const text = fc.oneof(
      { weight: 5, arbitrary: mutationsOf(base).map(textOf) },
      { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: hostileText },
      fc.constantFrom(
        deepJson(100_000),
        "",
        "null",
        '{"steps":[',
        '{"steps":[]}',
        '{"diagnostics":[]}',
        "{}",
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (preview, json) => {
        expectPrintable(await review(preview, ...(json ? ["--json"] : [])));
      }),
      RUNS,
    );
  });

  test.each([
    ["without any step", { steps: [] }],
    ["without its steps", { steps: undefined, changeSummary: { same: 1 } }],
    [
      "with a step of an operation that is not known",
      { steps: [stack, { ...LOSSES["a set is deleted"], op: "dissolve" }] },
    ],
    [
      "with a step that has no operation",
      { steps: [stack, { ...LOSSES["a set is deleted"], op: undefined }] },
    ],
    ["with a step that is none", { steps: [stack, null] }],
  ])("%s is no clean one", async (_, preview) => {
    expect((await review(preview)).code).toBe(1);
  });
});

describe("a preview in the form of events", () => {
  const { urn } = all;
  const events = [
    { preludeEvent: { config: CONFIG } },
    { resourcePreEvent: { metadata: stack } },
    { resourcePreEvent: { metadata: { op: "delete", urn, old: all } } },
    { summaryEvent: { resourceChanges: { delete: 1 } } },
  ].map((event, sequence) => JSON.stringify({ sequence, ...event }));

  test.each(events.map((_, at) => at))("cut short after %i of its lines is no clean one", async (count) => {
    const ran = await review(events.slice(0, count).join("\n"));
    expectPrintable(ran);
    expect(ran.code).toBe(1);
    expect((await review(events.join("\n"))).code).toBe(4);
  });
});

describe("a state of any form", () => {
  test(
    "beside a preview, makes a report that can be printed, or an error",
    { timeout: 300_000 },
    async () => {
      const base = { version: 3, deployment: { resources: [hub, all] } };
      const text = fc.oneof(
        { weight: 5, arbitrary: mutationsOf(base).map(textOf) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            hostileText,
            hostileJson.map((value) => JSON.stringify(value)),
          ),
        },
      );
      const file = path.join(folder, "state.json");
      await fc.assert(
        fc.asyncProperty(text, fc.boolean(), async (state, json) => {
          writeFileSync(file, state);
          const steps = [stack, LOSSES["a connection is deleted"]];
          const ran = await review({ steps }, "--state", file, ...(json ? ["--json"] : []));
          expectPrintable(ran);
          expect([1, 4]).toContain(ran.code);
        }),
        RUNS,
      );
    },
  );
});

describe("a policy of any form", () => {
  test(
    "is one that holds or is violated, or an error that says what is wrong",
    { timeout: 300_000 },
    async () => {
      const base = {
        allow: [{ source: "Payments", sink: ["hub", "a*b*"], types: ["logs"] }],
        reason: [{ types: ["audit"], pattern: "^SEC-[0-9]+$" }],
        sinks: [{ source: "*", most: 5 }],
        protect: [{ source: "payments" }],
        warnOnly: ["sinks"],
      };
      const text = fc.oneof(
        { weight: 5, arbitrary: mutationsOf(base).map(textOf) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            hostileText,
            hostileJson.map((value) => JSON.stringify(value)),
          ),
        },
      );
      const file = path.join(folder, "policy.json");
      const created = single("to-hub", "hub", "audit", {
        inputs: { ...hub.inputs, reason: "a".repeat(5000) },
      });
      await fc.assert(
        fc.asyncProperty(text, async (policy) => {
          writeFileSync(file, policy);
          const ran = await review(
            { steps: [stack, stepOf("create", undefined, created)] },
            "--policy",
            file,
          );
          expectPrintable(ran);
          expect([1, 3, 5]).toContain(ran.code);
        }),
        RUNS,
      );
    },
  );
});
