import { describe, expect, it } from "vitest";
import { managedConnections } from "../../../cli/src/stack/managed.js";
import { set, single } from "../changes/steps.js";

const read = (...resources: unknown[]) => managedConnections({ deployment: { resources } });
/** A secret, as an export has it. */
const secret = () => ({ [["4dabf18193072939", "515e22adb298388d"].join("")]: "1b47", ciphertext: "v1:x" });
const hub = single("to-hub", "hub", "logs");
const all = set({ hub: "logs", search: "audit" });
const withOutputs = (resource: object, outputs: object) => ({
  ...resource,
  outputs: { ...(resource as { outputs: object }).outputs, ...outputs },
});

describe("what an export tells of connections", () => {
  it("a set is read by its members; types that are a secret are not told", () => {
    const { connections, unreadable } = read(withOutputs(all, { connections: secret() }));
    expect(unreadable).toEqual([]);
    expect(
      connections.map(({ id, sinkOrgName, connectionTypes }) => [id, sinkOrgName, connectionTypes]),
    ).toEqual([
      ["id-member-hub", "hub", undefined],
      ["id-member-search", "search", undefined],
    ]);
  });

  it.each(["sinkOrgId", "connectionTypes", "sourceOrgId", "source"] as const)(
    "a single one keeps its id when %s is a secret",
    (field) => {
      const { connections, unreadable } = read(withOutputs(hub, { [field]: secret() }));
      expect([connections.map(({ id }) => id), unreadable]).toEqual([["id-to-hub"], []]);
      expect(connections[0]?.[field]).toBeUndefined();
    },
  );

  it("whose keys are used is not told by a secret, which is not to say the default ones", () => {
    expect(read(withOutputs(hub, { source: secret() })).connections[0]?.isSourceUntold).toBe(true);
    expect(read(withOutputs(hub, { source: undefined })).connections[0]?.isSourceUntold).toBeUndefined();
  });

  it.each<[string, object]>([
    ["without an id", { ...hub, id: undefined }],
    ["whose id is of another form", { ...hub, id: secret() }],
    ["whose members are a secret", withOutputs(all, { members: secret() })],
    ["without members", withOutputs(all, { members: undefined })],
    ["whose members are a list", withOutputs(all, { members: ["x"] })],
    ["whose outputs are a secret", { ...all, outputs: secret() }],
    ["without outputs", { ...all, outputs: undefined }],
    ["without a type", { ...hub, type: undefined, id: undefined }],
    ["whose type is of another form", { ...hub, type: 3, id: undefined }],
  ])("one %s is not read, and named", (_, resource) => {
    const { urn } = resource as { urn: string };
    const { connections, unreadable } = read(resource);
    expect(connections).toEqual([]);
    expect(unreadable).toMatchObject([{ urn, name: urn.split("::")[3] }]);
  });

  it("a type that only the URN tells is enough", () => {
    const urn = "urn:pulumi:dev::acme::my:component$pulumi-nodejs:dynamic/datadog:OrgConnection::x";
    expect(read({ ...hub, urn, type: undefined }).connections).toMatchObject([
      { id: "id-to-hub", name: "x" },
    ]);
  });

  it("a URN that is none is no reason to leave it out", () => {
    expect(read({ ...hub, urn: 3, id: undefined }).unreadable).toEqual([
      { urn: "", name: "(without a URN)", form: "single" },
    ]);
  });

  it("of a member that cannot be read the others are", () => {
    const members = { ...(all["outputs"] as { members: object }).members, other: { id: secret() } };
    const { connections, unreadable } = read(withOutputs(all, { members }));
    expect(connections).toHaveLength(2);
    expect(unreadable).toMatchObject([{ name: "all", form: "set" }]);
  });

  it("a set that shares with a destination which is no member is not read completely", () => {
    const { connections: declared } = all["outputs"] as { connections: object };
    const strange = "aaaaaaaa-0009-4000-8000-000000000009";
    const more = { connections: { ...declared, [strange]: ["logs"] } };
    expect(read(withOutputs(all, more)).unreadable).toMatchObject([{ name: "all", form: "set" }]);
    expect(read(withOutputs(all, { ...more, strangers: { [strange]: "id" } })).unreadable).toEqual([]);
  });

  it("views, what waits for its deletion, and resources of others are no part of it", () => {
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
