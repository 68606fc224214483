import { expect, test } from "vitest";
import { buildTopology, type ConnectionRow } from "../../../cli/src/topology/build-topology.js";
import { groupTopology } from "../../../cli/src/topology/group-topology.js";

const createRow = (from: string, to: string, more: Partial<ConnectionRow> = {}): ConnectionRow => ({
  id: `${from}-${to}`,
  source: { id: from, name: from },
  sink: { id: to, name: to },
  types: ["logs"],
  ...more,
});
const createRows = (count: number, to: string, more?: Partial<ConnectionRow>) =>
  Array.from({ length: count }, (_, at) => createRow(`${to}-source-${at}`, to, more));

/** The sizes of the units, the largest first. */
const listSizes = (rows: ConnectionRow[], stacks?: string[]) =>
  groupTopology(buildTopology(rows, stacks))
    .units.map(({ members }) => members.length)
    .toSorted((a, b) => b - a);

test("sources that share the same with the same destination are one unit, with one link", () => {
  const topology = buildTopology(createRows(20, "hub"));
  const { units, links } = groupTopology(topology);
  expect(units.map(({ members }) => members.length)).toEqual([1, 20]);
  expect(links).toHaveLength(1);
  expect(links[0]?.connections).toHaveLength(20);
});

test.each<[string, ConnectionRow[]]>([
  ["other types", createRows(10, "hub").concat(createRows(6, "hub", { types: ["audit"] }).map(rename))],
  [
    "another destination",
    createRows(16, "hub").concat([0, 1, 2, 3, 4, 5].map((at) => createRow(`hub-source-${at}`, "vault"))),
  ],
])("%s: a separate unit", (_, rows) => {
  expect(listSizes(rows).filter((size) => size > 1)).toEqual([10, 6]);
});

test("unmanaged connections are separate from managed ones", () => {
  const rows = [...createRows(10, "hub", { managedBy: ["acme/prod"] }), ...createRows(6, "hub").map(rename)];
  expect(listSizes(rows, ["acme/prod"]).filter((size) => size > 1)).toEqual([10, 6]);
  expect(listSizes(rows.map((row) => ({ ...row, managedBy: [] })))).toEqual([16, 1]);
});

test("every organization is in one unit, and every connection in one link", () => {
  const topology = buildTopology([
    ...createRows(30, "a"),
    ...createRows(9, "b"),
    createRow("a", "b"),
    createRow("b", "a"),
    createRow("b", "b"),
  ]);
  const { units, links } = groupTopology(topology);
  const listIndexes = (count: number) => Array.from({ length: count }, (_, at) => at);
  const sort = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
  expect(sort(units.flatMap(({ members }) => members))).toEqual(listIndexes(topology.organizations.length));
  expect(sort(links.flatMap(({ connections }) => connections))).toEqual(
    listIndexes(topology.connections.length),
  );
});

test("few organizations are not grouped", () => {
  expect(listSizes(createRows(11, "hub"))).toEqual(Array.from({ length: 12 }, () => 1));
});

function rename(row: ConnectionRow): ConnectionRow {
  const id = `other-${row.source.id}`;
  return { ...row, id, source: { id, name: id } };
}
