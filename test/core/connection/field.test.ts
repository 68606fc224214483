/** The tables of fields: what is forgotten does not compile, and what iterates over them keeps its order. */
import { expect, test } from "vitest";
import { FIELDS } from "../../../core/src/connection/fields.js";
import { isStateOnlyChange, listStable, type FieldTable } from "../../../core/src/connection/field.js";
import type { Inputs, State } from "../../../core/src/connection/types.js";
import { FLAG_INPUTS, TEXT_INPUTS } from "../../../core/src/connection-set/fields.js";
import { explainDiff } from "../../../core/src/index.js";

type Table = FieldTable<Inputs, State, Inputs, { isReplaced: boolean }>;

test("a property without a row does not compile", () => {
  const others: Omit<typeof FIELDS, "reason"> = FIELDS;
  // @ts-expect-error -- `reason` has no row
  const table: Table = others;
  expect(table).toBe(FIELDS);
});

test("an input without a schema for programs does not compile", () => {
  // @ts-expect-error -- `reason` would be an output
  const table: Table = { ...FIELDS, reason: { state: FIELDS.reason.state } };
  expect(Object.keys(table)).toEqual(Object.keys(FIELDS));
});

test("the command line lists texts before flags", () => {
  expect([...TEXT_INPUTS, ...FLAG_INPUTS]).toEqual(["source", "reason", "adopt", "exclusive"]);
});

test("an update keeps the pair, the creator and the time of creation", () => {
  expect(listStable(FIELDS)).toEqual(["sinkOrgId", "sourceOrgId", "createdAt", "createdBy"]);
});

const inputs: Inputs = { source: "a", sinkOrgId: "b", connectionTypes: ["logs"] };

test.each<[boolean, Partial<Inputs>]>([
  [true, { reason: "x" }],
  [true, { adopt: true }],
  [false, { source: "c" }],
  [false, { connectionTypes: undefined }],
  [false, { connectionTypes: ["audit"] }],
])("it is %s that a change of %o needs no request", (isStateOnly, changed) => {
  expect(isStateOnlyChange(FIELDS, inputs, { ...inputs, ...changed })).toBe(isStateOnly);
});

test("the changes that cause a replacement are listed first, in the order of `replaces`", () => {
  const state = { ...inputs, connectionTypes: ["logs"], createdAt: "2026-03-01T12:00:00Z" };
  const result = { change: "replace" as const, replaces: ["sinkOrgId", "source"] };
  const changed = { source: "c", sinkOrgId: "d", connectionTypes: ["logs"], reason: "x" };
  expect(explainDiff(state, changed, result).map(({ path }) => path.join())).toEqual([
    "sinkOrgId",
    "source",
    "reason",
  ]);
});
