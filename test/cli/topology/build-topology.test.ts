import { expect, test } from "vitest";
import {
  toManagedRows,
  buildTopology,
  type ConnectionRow,
} from "../../../cli/src/topology/build-topology.js";
import type { ManagedConnection } from "../../../cli/src/stack/managed.js";

const row: ConnectionRow = {
  id: "c1",
  source: { id: "A", name: "Payments" },
  sink: { id: "b", name: "Hub" },
  types: ["metrics", "logs"],
};

const managed: ManagedConnection = {
  id: "c1",
  tool: "datadog-org-connections",
  location: "acme/prod",
  address: "urn:pulumi:prod::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::payments-to-hub",
  name: "payments-to-hub",
  form: "single",
  source: "payments",
  sinkOrgId: "b",
  connectionTypes: ["logs"],
  typesUnspecified: false,
  adopt: false,
  protect: false,
};

test("organizations are sorted by name, ids are in lower case, types are sorted", () => {
  expect(buildTopology([row])).toEqual({
    organizations: [
      { id: "b", name: "Hub" },
      { id: "a", name: "Payments" },
    ],
    connections: [{ id: "c1", sourceOrgId: "a", sinkOrgId: "b", connectionTypes: ["logs", "metrics"] }],
  });
});

test("the order of the rows makes no difference", () => {
  const other: ConnectionRow = { ...row, id: "c2", source: { id: "c", name: "Search" } };
  expect(buildTopology([other, row])).toEqual(buildTopology([row, other]));
});

test("two rows of one connection are merged: the earlier row takes precedence, and stacks are combined", () => {
  const { connections } = buildTopology([
    { ...row, createdBy: "Kim", managedBy: ["acme/prod"] },
    { ...row, types: ["audit"], createdBy: "u1", createdAt: "2026-01-01T00:00:00Z", managedBy: ["acme/dev"] },
  ]);
  expect(connections).toEqual([
    {
      id: "c1",
      sourceOrgId: "a",
      sinkOrgId: "b",
      connectionTypes: ["logs", "metrics"],
      createdBy: "Kim",
      createdAt: "2026-01-01T00:00:00Z",
      managedBy: ["acme/dev", "acme/prod"],
    },
  ]);
});

test("rows of one connection are merged although the case of the id differs", () => {
  expect(buildTopology([row, { ...row, id: "C1" }]).connections).toHaveLength(1);
});

test("what one row does not know comes from the other row, in any order, and adds no organization", () => {
  const known: ConnectionRow = { ...row, managedBy: ["tf.json"] };
  const [unknown] = toManagedRows([
    { ...managed, source: "payments", sinkOrgId: undefined, connectionTypes: undefined },
  ]) as [ConnectionRow];
  for (const rows of [
    [known, unknown],
    [unknown, known],
  ]) {
    expect(buildTopology(rows)).toEqual({
      organizations: [
        { id: "b", name: "Hub" },
        { id: "a", name: "Payments" },
      ],
      connections: [
        {
          id: "c1",
          sourceOrgId: "a",
          sinkOrgId: "b",
          connectionTypes: ["logs", "metrics"],
          managedBy: ["acme/prod", "tf.json"],
        },
      ],
    });
  }
  expect(buildTopology([unknown, unknown]).connections).toMatchObject([
    { connectionTypes: ["unknown types"] },
  ]);
});

test("a name comes from the row that has it; without a name the id is used", () => {
  const nameless = { ...row, source: { id: "a" }, sink: { id: "x", name: " " } };
  const { organizations } = buildTopology([nameless, { ...row, id: "c2" }]);
  expect(organizations.map(({ name }) => name)).toEqual(["Hub", "Payments", "x"]);
});

test("the connections of a stack name the stack; an unknown source organization has the name of its credentials", () => {
  const { organizations, connections } = buildTopology(toManagedRows([managed]), ["acme/prod"]);
  expect(connections[0]?.managedBy).toEqual(["acme/prod"]);
  expect(organizations).toEqual([
    { id: "b", name: "b" },
    { id: "source payments of acme/prod", name: "payments" },
  ]);
});
