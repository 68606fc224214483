/** The details of a difference explain the decision, and never contradict it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareSet,
  diff,
  explainDiff,
  explainSetDiff,
  UNKNOWN,
  type Inputs,
  type SetInputs,
  type SetState,
  type State,
} from "../../../core/src/index.js";
import { listTypeChanges, listValueChange, type ChangeDetail } from "../../../core/src/connection/field.js";
import type { DiffResult } from "../../../core/src/connection/diff.js";
import { createOperationContext } from "../../../core/src/operation/operation-context.js";
import type { Credentials } from "../../../core/src/credentials/resolve.js";
import { Session } from "../../../core/src/operation/session.js";
import { selectCases } from "../../random.js";

const SINKS = ["aaaaaaaa-0001-4000-8000-000000000001", "aaaaaaaa-0002-4000-8000-000000000002"];
const typesArbitrary = fc
  .subarray(["audit", "logs", "metrics"], { minLength: 1 })
  .map((types) => [...types].sort());
const plannedTypesArbitrary = fc.oneof(
  { weight: 5, arbitrary: typesArbitrary },
  { weight: 1, arbitrary: fc.constant<string[]>([UNKNOWN]) },
);
const common = {
  source: fc.constantFrom(undefined, "a", "also-a", "b"),
  adopt: fc.constantFrom(undefined, true, false),
  reason: fc.constantFrom(undefined, "x", UNKNOWN),
};
const sinkArbitrary = fc.constantFrom(...SINKS);
const stateArbitrary: fc.Arbitrary<State> = fc.record({
  ...common,
  reason: fc.constantFrom(undefined, "x"),
  sinkOrgId: sinkArbitrary,
  connectionTypes: typesArbitrary,
  typesUnspecified: fc.constantFrom(undefined, true),
  sourceOrgId: fc.constantFrom("a", "b"),
  createdAt: fc.constant("2026-03-01T12:00:00Z"),
});
const inputsArbitrary: fc.Arbitrary<Inputs> = fc.record({
  ...common,
  sinkOrgId: fc.oneof(sinkArbitrary, fc.constant(UNKNOWN)),
  connectionTypes: fc.option(plannedTypesArbitrary, { nil: undefined }),
});
const setStateArbitrary: fc.Arbitrary<SetState> = fc
  .record({
    ...common,
    reason: fc.constantFrom(undefined, "x"),
    exclusive: fc.constantFrom(undefined, true, false),
    connections: fc.dictionary(sinkArbitrary, typesArbitrary),
    members: fc.subarray(SINKS),
    sourceOrgId: fc.constantFrom("a", "b"),
  })
  .map(({ members, ...state }) => {
    const ids = Object.keys(state.connections).map((sink, at) => [sink, `id-${at}`] as const);
    const isMember = ([sink]: readonly [string, string]) => members.includes(sink);
    return {
      ...state,
      members: Object.fromEntries(
        ids.filter(isMember).map(([sink, id]) => [sink, { id, createdAt: "2026-03-01T12:00:00Z" }]),
      ),
      undeclared: Object.fromEntries(ids.filter((entry) => !isMember(entry))),
    };
  });
const setInputsArbitrary = fc.record({
  ...common,
  exclusive: fc.constantFrom(undefined, true, false),
  connections: fc.oneof<fc.Arbitrary<SetInputs["connections"] | typeof UNKNOWN>[]>(
    fc.dictionary(sinkArbitrary, plannedTypesArbitrary),
    fc.constant(UNKNOWN),
  ),
});

const refuseRequest = () => Promise.reject(new Error("no request was expected"));

/** An operation that needs no request: each name has a configured organization. */
const contextArbitrary = fc
  .record({ deletedIds: fc.subarray(["id-0", "id-1"]), claimed: fc.subarray(["id-0", "id-1"]) })
  .map(({ deletedIds, claimed }) => {
    const getSession = (source: string | undefined) =>
      new Session({ organizationId: source === "b" ? "b" : "a" } as Credentials, refuseRequest);
    const context = createOperationContext({
      getSettings: () => ({ config: () => undefined, env: {} }),
      sessions: { getSession },
      warn: () => undefined,
      receivesResourceOptions: true,
    });
    for (const id of deletedIds) void context.ledger.delete(id, () => Promise.resolve());
    for (const id of claimed) context.ledger.claim(id, "another");
    return context;
  });

function expectExplained(result: DiffResult, details: readonly ChangeDetail[]): void {
  expect(details.length > 0).toBe(result.change !== "none");
  const replaced = details
    .filter(({ requiresReplacement }) => requiresReplacement === true)
    .map(({ path }) => path[0]);
  expect(new Set(replaced)).toEqual(new Set(result.change === "replace" ? result.replaces : []));
  const paths = details.map(({ path }) => JSON.stringify(path));
  expect(new Set(paths).size).toBe(paths.length);
}

test("a single connection has details exactly if it changes", async () => {
  await fc.assert(
    fc.asyncProperty(contextArbitrary, stateArbitrary, inputsArbitrary, async (context, state, inputs) => {
      const result = await diff(context, "id-0", state, inputs);
      expectExplained(result, explainDiff(state, inputs, result));
    }),
    selectCases(300),
  );
});

test("a set has details exactly if it changes, with a deletion for each connection that it deletes", async () => {
  await fc.assert(
    fc.asyncProperty(
      contextArbitrary,
      setStateArbitrary,
      setInputsArbitrary,
      async (context, state, inputs) => {
        const comparison = await compareSet(context, state, inputs);
        const details = explainSetDiff(state, inputs, comparison);
        expectExplained(comparison.result, details);
        const deleted = details.filter(({ path, kind }) => path.length === 2 && kind === "delete");
        expect(deleted.map(({ path }) => path[1])).toEqual(comparison.deletions.map(({ sink }) => sink));
      },
    ),
    selectCases(300),
  );
});

test("the changes of types lead from the old set to the new one", () => {
  fc.assert(
    fc.property(typesArbitrary, typesArbitrary, (before, after) => {
      const details = listTypeChanges(["connectionTypes"], before, after);
      const select = (...kinds: string[]) =>
        details.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => Number(path.at(-1)));
      const deleted = select("delete", "update").map((at) => before[at]);
      const added = select("add", "update").map((at) => after[at]);
      const result = [...before.filter((type) => !deleted.includes(type)), ...added].sort();
      expect(result).toEqual(after);
    }),
  );
});

describe("the details of types", () => {
  test.each<[string, string[], string[], ChangeDetail[]]>([
    ["an addition", ["logs"], ["audit", "logs"], [{ path: ["types", 0], kind: "add" }]],
    ["a deletion", ["audit", "logs"], ["logs"], [{ path: ["types", 0], kind: "delete" }]],
    ["another type at the same index", ["logs"], ["metrics"], [{ path: ["types", 0], kind: "update" }]],
    ["an unknown type", ["logs"], [UNKNOWN], [{ path: ["types"], kind: "update" }]],
  ])("%s", (_, before, after, details) => {
    expect(listTypeChanges(["types"], before, after)).toEqual(details);
  });
});

describe("the details of a value", () => {
  test.each<[string, unknown, unknown, ChangeDetail[]]>([
    ["no change", "a", "a", []],
    ["an addition", undefined, "a", [{ path: ["reason"], kind: "add" }]],
    ["another value", "a", "b", [{ path: ["reason"], kind: "update" }]],
    ["a deletion", "a", undefined, [{ path: ["reason"], kind: "delete" }]],
  ])("%s", (_, before, after, details) => {
    expect(listValueChange(["reason"], before, after)).toEqual(details);
  });
});

test("types that the program no longer specifies are a change only of a replacement", () => {
  const [sinkOrgId = "", otherSink = ""] = SINKS;
  const state: State = { sinkOrgId, connectionTypes: ["logs"], createdAt: "" };
  const sinkChange = { path: ["sinkOrgId"], kind: "update" };
  const replaced: DiffResult = { change: "replace", replaces: ["sinkOrgId"] };
  expect(explainDiff(state, { sinkOrgId: otherSink }, replaced)).toEqual([
    { ...sinkChange, requiresReplacement: true },
    { path: ["connectionTypes"], kind: "delete" },
  ]);
  expect(explainDiff(state, { sinkOrgId, reason: "x" }, { change: "update" })).toEqual([
    { path: ["reason"], kind: "add" },
  ]);
});
