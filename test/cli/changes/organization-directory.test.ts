import { describe, expect, it } from "vitest";
import {
  addResource,
  OrganizationDirectory,
  toKnownConnection,
} from "../../../cli/src/changes/organization-directory.js";
import { parseState } from "../../../cli/src/stack/formats.js";
import { createSet, createSingle, getId } from "./steps.js";

const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";
const STACK = "acme/dev";
const CONNECTION = "00000000-0000-4000-8000-0000000000c0";
const pair = { source: { id: A }, sink: { id: B } };

describe("an organization", () => {
  it("is found by its alias, in the spelling of ids of the directory", () => {
    const directory = new OrganizationDirectory();
    directory.addSource("payments", A.toUpperCase(), STACK);
    directory.addName(A.toUpperCase(), "Acme Payments");
    expect(directory.resolveOrganization({ alias: "payments", location: STACK })).toEqual({
      alias: "payments",
      location: STACK,
      id: A,
      name: "Acme Payments",
    });
    expect(directory.resolveOrganization({ alias: "other" })).toEqual({ alias: "other" });
  });

  it("is not that of the same alias in another stack, nor of another default", () => {
    const directory = new OrganizationDirectory();
    directory.addSource("payments", A, STACK);
    directory.addSource(undefined, A, STACK);
    for (const other of [{ alias: "payments" }, { isDefault: true as const }]) {
      const elsewhere = { ...other, location: "shop/dev" };
      expect(directory.resolveOrganization(elsewhere)).toEqual(elsewhere);
    }
    expect(directory.resolveOrganization({ id: A, location: "shop/dev" })).not.toHaveProperty("alias");
  });

  it("is that of its provider, unless the provider has had several", () => {
    const directory = new OrganizationDirectory();
    const source = { provider: "datadog.team", location: "plan.json" };
    directory.addProvider("datadog.team", A.toUpperCase(), "plan.json");
    directory.addProvider("datadog.team", A, "plan.json");
    expect(directory.resolveOrganization(source).id).toBe(A);
    expect(directory.resolveOrganization({ ...source, location: "other.json" }).id).toBeUndefined();
    directory.addProvider("datadog.team", B, "plan.json");
    directory.addProvider("datadog.team", A, "plan.json");
    expect(directory.resolveOrganization(source).id).toBeUndefined();
  });

  it("is the default organization only if it says so", () => {
    const directory = new OrganizationDirectory();
    directory.addSource(undefined, A, STACK);
    expect(directory.resolveOrganization({ isDefault: true, location: STACK })).toMatchObject({ id: A });
    expect(directory.resolveOrganization({})).toEqual({});
    expect(directory.resolveOrganization({ id: A })).not.toHaveProperty("alias");
  });

  it("gets the alias of its id, marked as such, unless it has one", () => {
    const directory = new OrganizationDirectory();
    directory.addSource("payments", A, STACK);
    expect(directory.resolveOrganization({ id: A, location: STACK })).toMatchObject({
      alias: "payments",
      isAliasById: true,
    });
    const named = directory.resolveOrganization({ id: A, alias: "own" });
    expect(named.alias).toBe("own");
    expect(named).not.toHaveProperty("isAliasById");
  });

  it("has the other aliases of its id too, whether it has one or gets the first", () => {
    const directory = new OrganizationDirectory();
    for (const alias of ["payments", "pay", "payments"]) directory.addSource(alias, A, STACK);
    const byId = directory.resolveOrganization({ id: A, location: STACK });
    expect(byId).toMatchObject({ alias: "payments", isAliasById: true, otherAliases: ["pay"] });
    expect(directory.resolveOrganization(byId)).toEqual(byId);
    const named = directory.resolveOrganization({ alias: "pay", location: STACK });
    expect([named.alias, named.isAliasById, named.otherAliases]).toEqual(["pay", undefined, ["payments"]]);
  });

  it("has the first name and the first id that were added, and no blank name", () => {
    const directory = new OrganizationDirectory();
    directory.addName(A, "  ");
    directory.addName(undefined, "Nothing");
    directory.addName(A, undefined);
    directory.addName(A, "First");
    directory.addName(A, "Second");
    directory.addSource("payments", undefined, STACK);
    directory.addSource("payments", A, STACK);
    directory.addSource("payments", B, STACK);
    expect(directory.resolveOrganization({ alias: "payments", location: STACK })).toMatchObject({
      id: A,
      name: "First",
    });
  });

  it("keeps its own name if the directory has none", () => {
    expect(new OrganizationDirectory().resolveOrganization({ id: A, name: "State" }).name).toBe("State");
  });
});

describe("a live connection", () => {
  it("is known to be gone only if a list of one of its organizations was read", () => {
    const directory = new OrganizationDirectory();
    expect(directory.isLive(CONNECTION, pair)).toBeUndefined();
    expect(directory.isLive(CONNECTION, { source: {}, sink: {} })).toBeUndefined();
    directory.markListed(B.toUpperCase());
    expect(directory.isLive(CONNECTION, pair)).toBe(false);
    expect(directory.isLive(CONNECTION, { source: { id: A }, sink: {} })).toBeUndefined();
    directory.addConnectionId(CONNECTION.toUpperCase());
    expect(directory.isLive(CONNECTION, pair)).toBe(true);
  });

  it("is found by its pair, in this direction only", () => {
    const directory = new OrganizationDirectory();
    directory.addConnection({ id: CONNECTION, sourceOrgId: A, sinkOrgId: B, connectionTypes: ["logs"] });
    expect(directory.findConnection(pair)).toEqual({ id: CONNECTION, connectionTypes: ["logs"] });
    expect(directory.isLive(CONNECTION, { source: {}, sink: {} })).toBe(true);
    expect(directory.findConnection({ source: { id: B }, sink: { id: A } })).toBeUndefined();
    expect(directory.findConnection({ source: {}, sink: { id: B } })).toBeUndefined();
    expect(directory.findConnection({ source: { id: A }, sink: {} })).toBeUndefined();
  });
});

describe("a creator", () => {
  it("has what is known about the user", () => {
    const directory = new OrganizationDirectory();
    directory.addUser({ name: "Without id" });
    directory.addUser({ id: "u", name: "Ada", serviceAccount: false });
    directory.addUser({ id: "u", name: "Other" });
    expect(directory.resolveCreator({ id: "u" })).toEqual({ id: "u", name: "Ada", serviceAccount: false });
    expect(directory.resolveCreator({ id: "u", name: "Own" })?.name).toBe("Own");
    expect(directory.resolveCreator({ name: "Without id" })).toEqual({ id: undefined, name: "Without id" });
    expect(directory.resolveCreator({})).toBeUndefined();
  });
});

describe("a resource of a state", () => {
  const resolve = (resource: unknown, alias: string | undefined) => {
    const directory = new OrganizationDirectory();
    for (const one of parseState({ deployment: { resources: [resource] } }, "the state"))
      addResource(directory, one);
    return {
      source: directory.resolveOrganization(
        alias === undefined ? { isDefault: true, location: STACK } : { alias, location: STACK },
      ),
      hub: directory.resolveOrganization({ id: getId("hub") }).name,
    };
  };

  it("names its source and its destinations", () => {
    for (const resource of [createSingle("a", "hub", "logs"), createSet({ hub: "logs" })]) {
      expect(resolve(resource, "payments")).toMatchObject({
        source: { id: getId("payments"), name: "Payments" },
        hub: "hub",
      });
    }
  });

  it("names the default organization only if it has no `source`", () => {
    const named = createSingle("a", "hub", "logs");
    expect(resolve(named, undefined).source.id).toBeUndefined();
    const { source, ...outputs } = named["outputs"] as Record<string, unknown>;
    expect(source).toBe("payments");
    expect(resolve({ ...named, outputs }, undefined).source.id).toBe(getId("payments"));
  });
});

it.each([undefined, "u"])("a connection of a state has the creator %s", (createdBy) => {
  const shared = { source: { id: A }, sink: { id: B }, connectionTypes: ["logs"] };
  const known = toKnownConnection({
    id: CONNECTION,
    form: "single",
    shared,
    createdAt: "2026-01-01T00:00:00Z",
    createdBy,
    typesUnspecified: false,
    isUndeclared: false,
  });
  expect(known).toEqual({
    id: CONNECTION,
    connectionTypes: ["logs"],
    openTypes: undefined,
    createdAt: "2026-01-01T00:00:00Z",
    createdBy: createdBy === undefined ? undefined : { id: createdBy },
  });
});
