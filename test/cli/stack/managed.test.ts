import { describe, expect, it } from "vitest";
import { readManagedConnections, readPendingDeletions } from "../../../cli/src/stack/managed.js";
import { createSet, createSingle } from "../changes/steps.js";

const read = (...resources: unknown[]) => readManagedConnections({ deployment: { resources } });
/** Creates a secret as in an export. */
const createSecret = () => ({
  [["4dabf18193072939", "515e22adb298388d"].join("")]: "1b47",
  ciphertext: "v1:x",
});
const hub = createSingle("to-hub", "hub", "logs");
const all = createSet({ hub: "logs", search: "audit" });
const addOutputs = (resource: object, outputs: object) => ({
  ...resource,
  outputs: { ...(resource as { outputs: object }).outputs, ...outputs },
});

describe("connections in an export", () => {
  it("a set is read from its members; secret types are unknown", () => {
    const { connections, unreadable } = read(addOutputs(all, { connections: createSecret() }));
    expect(unreadable).toEqual([]);
    expect(
      connections.map(({ id, sinkOrgName, connectionTypes }) => [id, sinkOrgName, connectionTypes]),
    ).toEqual([
      ["id-member-hub", "hub", undefined],
      ["id-member-search", "search", undefined],
    ]);
  });

  it.each(["sinkOrgId", "connectionTypes", "sourceOrgId", "source"] as const)(
    "a single connection keeps its id if %s is a secret",
    (field) => {
      const { connections, unreadable } = read(addOutputs(hub, { [field]: createSecret() }));
      expect([connections.map(({ id }) => id), unreadable]).toEqual([["id-to-hub"], []]);
      expect(connections[0]?.[field]).toBeUndefined();
    },
  );

  it("with a secret source it is unknown which credentials are used, so they are not the default ones", () => {
    expect(read(addOutputs(hub, { source: createSecret() })).connections[0]?.isSourceUnknown).toBe(true);
    expect(read(addOutputs(hub, { source: undefined })).connections[0]?.isSourceUnknown).toBeUndefined();
  });

  it.each<[string, object]>([
    ["without an id", { ...hub, id: undefined }],
    ["with an id of another form", { ...hub, id: createSecret() }],
    ["with secret members", addOutputs(all, { members: createSecret() })],
    ["without members", addOutputs(all, { members: undefined })],
    ["with a list of members", addOutputs(all, { members: ["x"] })],
    ["with secret outputs", { ...all, outputs: createSecret() }],
    ["without outputs", { ...all, outputs: undefined }],
    ["without a type", { ...hub, type: undefined, id: undefined }],
    ["with a type of another form", { ...hub, type: 3, id: undefined }],
  ])("a resource %s is not read, but named", (_, resource) => {
    const { urn } = resource as { urn: string };
    const { connections, unreadable } = read(resource);
    expect(connections).toEqual([]);
    expect(unreadable).toMatchObject([{ address: urn, name: urn.split("::")[3] }]);
  });

  it("what an interrupted replacement has deleted is neither read nor named", () => {
    const pending = [hub, { ...all, outputs: undefined }].map((one) => ({
      ...one,
      pendingReplacement: true,
    }));
    expect(read(...pending)).toEqual({ connections: [], unreadable: [] });
  });

  it("a type only in the URN is enough", () => {
    const urn = "urn:pulumi:dev::acme::my:component$pulumi-nodejs:dynamic/datadog:OrgConnection::x";
    expect(read({ ...hub, urn, type: undefined }).connections).toMatchObject([
      { id: "id-to-hub", name: "x" },
    ]);
  });

  it("an invalid URN does not exclude the resource", () => {
    expect(read({ ...hub, urn: 3, id: undefined }).unreadable).toEqual([
      {
        tool: "datadog-org-connections",
        location: "an unknown stack",
        address: "",
        name: "(without a URN)",
        form: "single",
      },
    ]);
  });

  it("a member that cannot be read does not exclude the others", () => {
    const members = { ...(all["outputs"] as { members: object }).members, other: { id: createSecret() } };
    const { connections, unreadable } = read(addOutputs(all, { members }));
    expect(connections).toHaveLength(2);
    expect(unreadable).toMatchObject([{ name: "all", form: "set" }]);
  });

  it("a set with a destination that is not a member is incomplete", () => {
    const { connections: declared } = all["outputs"] as { connections: object };
    const unknown = "aaaaaaaa-0009-4000-8000-000000000009";
    const more = { connections: { ...declared, [unknown]: ["logs"] } };
    expect(read(addOutputs(all, more)).unreadable).toMatchObject([{ name: "all", form: "set" }]);
    expect(read(addOutputs(all, { ...more, undeclared: { [unknown]: "id" } })).unreadable).toEqual([]);
  });

  it("references (OrgConnection.get), resources that are still to be deleted, and resources of other packages are ignored", () => {
    const others = [
      { ...hub, type: "aws:s3/bucket:Bucket", urn: "urn:pulumi:dev::acme::aws:s3/bucket:Bucket::x" },
      "x",
      null,
    ];
    expect(read({ ...hub, external: true }, { ...hub, delete: true, id: undefined }, ...others)).toEqual({
      connections: [],
      unreadable: [],
    });
  });
});

it("what an interrupted replacement left behind is pending, and is not among the managed connections", () => {
  const state = {
    deployment: { resources: [hub, { ...createSingle("old", "search", "logs"), delete: true }] },
  };
  expect(readPendingDeletions(state, "before.json").map(({ id }) => id)).toEqual(["id-old"]);
  expect(readManagedConnections(state).connections.map(({ id }) => id)).toEqual(["id-to-hub"]);
});
