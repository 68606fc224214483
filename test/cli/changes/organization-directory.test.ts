import { describe, expect, it } from "vitest";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";

const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";
const CONNECTION = "00000000-0000-4000-8000-0000000000c0";
const pair = { source: { id: A }, sink: { id: B } };

describe("an organization", () => {
  it("is found by its alias, in the spelling of ids of the directory", () => {
    const directory = new OrganizationDirectory();
    directory.addSource("payments", A.toUpperCase());
    directory.addName(A.toUpperCase(), "Acme Payments");
    expect(directory.resolveOrganization({ alias: "payments" })).toEqual({
      alias: "payments",
      id: A,
      name: "Acme Payments",
    });
    expect(directory.resolveOrganization({ alias: "other" })).toEqual({ alias: "other" });
  });

  it("is the default organization only if it says so", () => {
    const directory = new OrganizationDirectory();
    directory.addSource(undefined, A);
    expect(directory.resolveOrganization({ isDefault: true })).toMatchObject({ id: A });
    expect(directory.resolveOrganization({})).toEqual({});
    expect(directory.resolveOrganization({ id: A })).not.toHaveProperty("alias");
  });

  it("gets the alias of its id, marked as such, unless it has one", () => {
    const directory = new OrganizationDirectory();
    directory.addSource("payments", A);
    expect(directory.resolveOrganization({ id: A })).toMatchObject({ alias: "payments", isAliasById: true });
    const named = directory.resolveOrganization({ id: A, alias: "own" });
    expect(named.alias).toBe("own");
    expect(named).not.toHaveProperty("isAliasById");
  });

  it("has the first name and the first id that were added, and no blank name", () => {
    const directory = new OrganizationDirectory();
    directory.addName(A, "  ");
    directory.addName(undefined, "Nothing");
    directory.addName(A, undefined);
    directory.addName(A, "First");
    directory.addName(A, "Second");
    directory.addSource("payments", undefined);
    directory.addSource("payments", A);
    directory.addSource("payments", B);
    expect(directory.resolveOrganization({ alias: "payments" })).toMatchObject({ id: A, name: "First" });
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
