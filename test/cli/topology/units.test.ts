import { expect, test } from "vitest";
import { topologyOf, type ConnectionRow } from "../../../cli/src/topology/rows.js";
import { drawnOf } from "../../../cli/src/topology/units.js";

const share = (from: string, to: string, more: Partial<ConnectionRow> = {}): ConnectionRow => ({
  id: `${from}-${to}`,
  source: { id: from, name: from },
  sink: { id: to, name: to },
  types: ["logs"],
  ...more,
});
const many = (count: number, to: string, more?: Partial<ConnectionRow>) =>
  Array.from({ length: count }, (_, at) => share(`${to}-source-${at}`, to, more));

/** The sizes of the units, largest first. */
const sizes = (rows: ConnectionRow[], stacks?: string[]) =>
  drawnOf(topologyOf(rows, stacks))
    .units.map(({ members }) => members.length)
    .toSorted((a, b) => b - a);

test("what shares the same with the same is one unit, and its connections one link", () => {
  const topology = topologyOf(many(20, "hub"));
  const { units, links } = drawnOf(topology);
  expect(units.map(({ members }) => members.length)).toEqual([1, 20]);
  expect(links).toHaveLength(1);
  expect(links[0]?.connections).toHaveLength(20);
});

test.each<[string, ConnectionRow[]]>([
  ["other types", many(10, "hub").concat(many(6, "hub", { types: ["audit"] }).map(renamed))],
  [
    "another sink besides",
    many(16, "hub").concat([0, 1, 2, 3, 4, 5].map((at) => share(`hub-source-${at}`, "vault"))),
  ],
])("%s makes a unit of its own", (_, rows) => {
  expect(sizes(rows).filter((size) => size > 1)).toEqual([10, 6]);
});

test("what no stack manages stands apart from what one does", () => {
  const rows = [...many(10, "hub", { managedBy: ["acme/prod"] }), ...many(6, "hub").map(renamed)];
  expect(sizes(rows, ["acme/prod"]).filter((size) => size > 1)).toEqual([10, 6]);
  expect(sizes(rows.map((row) => ({ ...row, managedBy: [] })))).toEqual([16, 1]);
});

test("every organization and every connection stands in exactly one", () => {
  const topology = topologyOf([
    ...many(30, "a"),
    ...many(9, "b"),
    share("a", "b"),
    share("b", "a"),
    share("b", "b"),
  ]);
  const { units, links } = drawnOf(topology);
  const places = (count: number) => Array.from({ length: count }, (_, at) => at);
  const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
  expect(sorted(units.flatMap(({ members }) => members))).toEqual(places(topology.organizations.length));
  expect(sorted(links.flatMap(({ connections }) => connections))).toEqual(
    places(topology.connections.length),
  );
});

test("few organizations stay apart", () => {
  expect(sizes(many(11, "hub"))).toEqual(Array.from({ length: 12 }, () => 1));
});

function renamed(row: ConnectionRow): ConnectionRow {
  const id = `other-${row.source.id}`;
  return { ...row, id, source: { id, name: id } };
}
