import { describe, expect, it } from "vitest";
import type { Change } from "../../../cli/src/changes/facts.js";
import { listFanOuts } from "../../../cli/src/changes/fan-out.js";
import type { OrganizationRef, SharedData } from "../../../cli/src/changes/shared-data.js";
import { createChange } from "./create-change.js";

const share = (source: OrganizationRef, sink: string): SharedData => ({
  source,
  sink: { id: sink },
  connectionTypes: ["logs"],
});
const list = (
  changes: Change[],
  unchanged: SharedData[] = [],
  unreadable: { source: OrganizationRef }[] = [],
) =>
  listFanOuts({
    changes,
    unchanged,
    unreadable: unreadable.map(({ source }) => ({
      tool: "datadog-org-connections" as const,
      location: "acme/dev",
      address: "u",
      name: "unreadable",
      form: "set" as const,
      source,
    })),
  });
const A = { id: "a" };

describe("a source gets a new destination", () => {
  it("by a creation, an adoption of an unmanaged connection, and a replacement by another pair", () => {
    const after = share(A, "x");
    for (const change of [
      createChange("create", { after }),
      createChange("adopt", { after }),
      createChange("replace", { before: share(A, "y"), after }),
    ])
      expect(list([change])).toMatchObject([{ source: A, sinks: [{ id: "x" }], addingChanges: [change] }]);
  });

  it("perhaps by an update whose source is no longer known, which may lead to another organization", () => {
    const change = createChange("update", { before: share(A, "x"), after: share({}, "x") });
    expect(list([change])).toMatchObject([{ source: {}, uncountedResources: ["a"] }]);
    expect(list([createChange("update", { before: share({}, "x"), after: share({}, "x") })])).toEqual([]);
  });

  it("but not by an adoption from another resource, a replacement of the same pair, or a change of types", () => {
    const after = share(A, "x");
    for (const change of [
      createChange("adopt", { after, adoptedFrom: "other" }),
      createChange("replace", { before: after, after }),
      createChange("update", { before: after, after }),
      createChange("delete", { before: after }),
    ])
      expect(list([change])).toEqual([]);
  });
});

describe("the destinations of a source", () => {
  const adding = createChange("create", { after: share(A, "x") });

  it("include unchanged ones, each once, and those of other sources do not count", () => {
    expect(
      list([adding], [share(A, "x"), share(A, "y"), share({ id: "b" }, "z")]).map(({ sinks }) => sinks),
    ).toEqual([[{ id: "x" }, { id: "y" }]]);
  });

  it("that are new are counted once, even if two resources declare one", () => {
    const twice = createChange("create", { resource: "again", after: share(A, "x") });
    expect(list([adding, twice]).map(({ newSinks }) => newSinks)).toEqual([[{ id: "x" }]]);
  });

  it("are uncounted in resources whose destinations or source are unknown", () => {
    const open = createChange("update", {
      resource: "open",
      before: share(A, "y"),
      after: share(A, "y"),
      destinationsUnknown: true,
    });
    const elsewhere = createChange("update", {
      resource: "elsewhere",
      before: share({ id: "b" }, "y"),
      after: share({ id: "b" }, "y"),
      destinationsUnknown: true,
    });
    expect(list([adding, open, elsewhere])[0]?.uncountedResources).toEqual(["open"]);
    expect(list([adding], [], [{ source: A }])[0]?.uncountedResources).toEqual(["unreadable"]);
    expect(list([adding], [], [{ source: {} }])[0]?.uncountedResources).toEqual(["unreadable"]);
    expect(list([adding], [], [{ source: { provider: "eu" } }])[0]?.uncountedResources).toEqual([
      "unreadable",
    ]);
    expect(list([adding], [], [{ source: { id: "b" } }])[0]?.uncountedResources).toEqual([]);
  });

  it("may include those of each other source, unless the UUIDs show that it is another organization", () => {
    const named = createChange("create", { resource: "named", after: share({ alias: "payments" }, "n") });
    const possible = list([adding, named], [share({ id: "b" }, "z")]).map(({ possibleSinks }) =>
      possibleSinks.map(({ id }) => id),
    );
    expect(possible).toEqual([
      ["x", "n"],
      ["z", "x", "n"],
    ]);
  });

  it("are those of all references to the source, each of which is listed once", () => {
    const named = { ...A, alias: "payments" };
    const again = createChange("create", { resource: "again", after: share(named, "z") });
    expect(list([adding, again], [share(named, "y")])).toMatchObject([
      { references: [named, A], sinks: [{ id: "y" }, { id: "x" }, { id: "z" }] },
    ]);
  });

  it("are uncounted if the source itself is unknown", () => {
    const unknown = createChange("create", { resource: "unknown", after: share({}, "x") });
    expect(list([unknown])[0]?.uncountedResources).toEqual(["unknown"]);
  });
});
