import { expect, test } from "vitest";
import { managedRows } from "../../../cli/src/topology/managed-rows.js";
import { topologyOf, type ConnectionRow } from "../../../cli/src/topology/rows.js";
import type { ManagedConnection } from "../../../cli/src/stack/managed.js";

const row: ConnectionRow = {
  id: "c1",
  source: { id: "A", name: "Payments" },
  sink: { id: "b", name: "Hub" },
  types: ["metrics", "logs"],
};

test("organizations by name, ids in lower case, types sorted", () => {
  expect(topologyOf([row])).toEqual({
    organizations: [
      { id: "b", name: "Hub" },
      { id: "a", name: "Payments" },
    ],
    connections: [{ id: "c1", sourceOrgId: "a", sinkOrgId: "b", connectionTypes: ["logs", "metrics"] }],
  });
});

test("the order of the rows makes no difference", () => {
  const other: ConnectionRow = { ...row, id: "c2", source: { id: "c", name: "Search" } };
  expect(topologyOf([other, row])).toEqual(topologyOf([row, other]));
});

test("one connection seen twice is one: the earlier row holds, the later fills in, stacks are put together", () => {
  const { connections } = topologyOf([
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

test("a name is taken from the row that knows it; without one the id stands", () => {
  const nameless = { ...row, source: { id: "a" }, sink: { id: "x", name: " " } };
  const { organizations } = topologyOf([nameless, { ...row, id: "c2" }]);
  expect(organizations.map(({ name }) => name)).toEqual(["Hub", "Payments", "x"]);
});

test("a stack's connections name the stack; an unknown source organization is named by its keys", () => {
  const managed: ManagedConnection = {
    id: "c1",
    urn: "urn:pulumi:prod::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::payments-to-hub",
    name: "payments-to-hub",
    form: "single",
    source: "payments",
    sinkOrgId: "b",
    connectionTypes: ["logs"],
    unmanagedTypes: false,
    adopt: false,
    protect: false,
  };
  const { organizations, connections } = topologyOf(managedRows([managed]), ["acme/prod"]);
  expect(connections[0]?.managedBy).toEqual(["acme/prod"]);
  expect(organizations).toEqual([
    { id: "b", name: "b" },
    { id: "source payments", name: "payments" },
  ]);
});
