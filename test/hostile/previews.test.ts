/**
 * Hostile previews, states and policies end with a printable report, and never with a clean report about
 * unread data.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSet, createSingle, getId } from "../cli/changes/steps.js";
import { runCommand } from "../cli/run-command.js";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import {
  createDeepJson,
  expectUnpolluted,
  hostileJson,
  hostileString,
  createMutations,
  RUNS,
  UNPRINTABLE,
} from "./arbitraries.js";

const folder = mkdtempSync(path.join(tmpdir(), "hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const violated = path.join(folder, "violated.json");
writeFileSync(violated, JSON.stringify({ allow: [], protect: [{}] }));
/** The arguments for each format. */
const formats = fc.constantFrom(
  [],
  ["--format", "text"],
  ["--format", "json"],
  ["--summary-line"],
  ["--format", "sarif", "--policy", violated],
);

const CONFIG = {
  "datadog-org-connections:organizations": JSON.stringify({ payments: { id: getId("payments") } }),
};
type Resource = ReturnType<typeof createSingle> | ReturnType<typeof createSet>;
const createStep = (op: string, oldState: Resource | undefined, newState?: Resource) => ({
  op,
  urn: (newState ?? oldState)?.urn,
  ...(oldState && { oldState }),
  ...(newState && { newState }),
});
const hub = createSingle("to-hub", "hub", "logs, metrics");
const all = createSet({ hub: "logs", search: "audit" });
const stack = { op: "same", urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev" };

/** A step that violates a policy, at a line of the program. */
const CREATED = createStep(
  "create",
  undefined,
  createSingle("new", "search", "audit", {
    sourcePosition: "project:///index.ts#1,1",
    stackTrace: [{ sourcePosition: "project:///index.ts#1,1" }],
  }),
);

/** The JSON of a value; an empty string for undefined. */
function toJson(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

/** Previews in which something stops being shared. */
const LOSSES: Record<
  string,
  { op: string; oldState?: Resource; newState?: Resource; urn: string | undefined }
> = {
  "a connection is deleted": createStep("delete", hub),
  "a set is deleted": createStep("delete", all),
  "a connection is replaced": createStep("replace", hub, createSingle("to-hub", "search", "logs")),
};

/** The fields that identify a resource and its owner do not change. */
const FIXED = new Set(["urn", "type", "op", "external"]);
function createMutatedState(state: Resource): fc.Arbitrary<unknown> {
  return createMutations(Object.fromEntries(Object.entries(state).filter(([key]) => !FIXED.has(key)))).map(
    (rest) => ({
      ...(typeof rest === "object" && rest !== null && !Array.isArray(rest) ? rest : { outputs: rest }),
      urn: state.urn,
      type: state.type,
    }),
  );
}

/** Whether the state of a set has no connections. */
function isEmptySet(state: unknown): boolean {
  const { outputs } = state as { outputs?: { members?: unknown; connections?: unknown } };
  const listKeys = (value: unknown) =>
    typeof value === "object" && value !== null ? Object.keys(value) : [];
  const isEmpty = JSON.stringify(outputs?.members) === "{}";
  return isEmpty && (Array.isArray(outputs?.connections) || listKeys(outputs?.connections).length === 0);
}

const runReview = async (preview: unknown, ...args: string[]) =>
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
  expect([0, 1, 2, 3, 4, 5, 7]).toContain(code);
  expectUnpolluted();
}

describe.each(Object.entries(LOSSES))("%s, with a hostile state", (_, step) => {
  test.each([
    ["Markdown", []],
    ["JSON", ["--format", "json"]],
    ["summary line", ["--summary-line"]],
  ])("is never a clean report (%s)", { timeout: 300_000 }, async (__, args) => {
    const { oldState } = step;
    if (!oldState) throw new Error("the step has no old state");
    await fc.assert(
      fc.asyncProperty(createMutatedState(oldState), async (state) => {
        fc.pre(!isEmptySet(state));
        const ran = await runReview({ steps: [stack, { ...step, oldState: state }] }, ...args);
        expectPrintable(ran);
        expect([1, 4]).toContain(ran.code);
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / (3 * Object.keys(LOSSES).length)) },
    );
  });
});

describe("a hostile preview", () => {
  test("ends with a printable report or an error", { timeout: 300_000 }, async () => {
    const base = {
      config: CONFIG,
      steps: [...Object.values(LOSSES), CREATED],
      diagnostics: [{ severity: "info", message: "x" }],
    };
    const text = fc.oneof(
      { weight: 5, arbitrary: createMutations(base).map(toJson) },
      { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: hostileString },
      fc.constantFrom(
        createDeepJson(100_000),
        "",
        "null",
        '{"steps":[',
        '{"steps":[]}',
        '{"diagnostics":[]}',
        "{}",
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, formats, async (preview, args) => {
        expectPrintable(await runReview(preview, ...args));
      }),
      RUNS,
    );
  });

  test.each([
    ["without any step", { steps: [] }],
    ["without its steps", { steps: undefined, changeSummary: { same: 1 } }],
    [
      "with a step of an unknown operation",
      { steps: [stack, { ...LOSSES["a set is deleted"], op: "dissolve" }] },
    ],
    [
      "with a step without an operation",
      { steps: [stack, { ...LOSSES["a set is deleted"], op: undefined }] },
    ],
    ["with a step that is not an object", { steps: [stack, null] }],
  ])("%s has no clean report", async (_, preview) => {
    expect((await runReview(preview)).code).toBe(1);
  });
});

describe("a preview as an event stream", () => {
  const { urn } = all;
  const events = [
    { preludeEvent: { config: CONFIG } },
    { resourcePreEvent: { metadata: stack } },
    { resourcePreEvent: { metadata: { op: "delete", urn, old: all } } },
    { summaryEvent: { resourceChanges: { delete: 1 } } },
  ].map((event, sequence) => JSON.stringify({ sequence, ...event }));

  test.each(events.map((_, at) => at))("truncated after %i lines has no clean report", async (count) => {
    const ran = await runReview(events.slice(0, count).join("\n"));
    expectPrintable(ran);
    expect(ran.code).toBe(1);
    expect((await runReview(events.join("\n"))).code).toBe(4);
  });
});

describe("a hostile state", () => {
  test("with a preview, ends with a printable report or an error", { timeout: 300_000 }, async () => {
    const base = { version: 3, deployment: { resources: [hub, all] } };
    const text = fc.oneof(
      { weight: 5, arbitrary: createMutations(base).map(toJson) },
      {
        weight: 1,
        arbitrary: fc.oneof(
          hostileString,
          hostileJson.map((value) => JSON.stringify(value)),
        ),
      },
    );
    const file = path.join(folder, "state.json");
    await fc.assert(
      fc.asyncProperty(text, formats, async (state, args) => {
        writeFileSync(file, state);
        const steps = [stack, LOSSES["a connection is deleted"]];
        const ran = await runReview({ steps }, "--state", file, ...args);
        expectPrintable(ran);
        expect([1, 4]).toContain(ran.code);
      }),
      RUNS,
    );
  });
});

describe("a hostile policy", () => {
  test(
    "is met or violated, or ends with an error that describes the problem",
    { timeout: 300_000 },
    async () => {
      const base = {
        allow: [{ source: "Payments", sink: ["hub", "a*b*"], types: ["logs"] }],
        reason: [{ types: ["audit"], pattern: "^SEC-[0-9]+$" }],
        maxDestinations: [{ source: "*", max: 5 }],
        protect: [{ source: "payments" }],
        warnOnly: ["maxDestinations"],
      };
      const text = fc.oneof(
        { weight: 5, arbitrary: createMutations(base).map(toJson) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            hostileString,
            hostileJson.map((value) => JSON.stringify(value)),
          ),
        },
      );
      const file = path.join(folder, "policy.json");
      const created = createSingle("to-hub", "hub", "audit", {
        inputs: { ...hub.inputs, reason: "a".repeat(5000) },
      });
      await fc.assert(
        fc.asyncProperty(text, async (policy) => {
          writeFileSync(file, policy);
          const ran = await runReview(
            { steps: [stack, createStep("create", undefined, created)] },
            "--policy",
            file,
          );
          expectPrintable(ran);
          expect([1, 5, 7]).toContain(ran.code);
        }),
        RUNS,
      );
    },
  );
});
