import { describe, expect, it, test } from "vitest";
import {
  compareTypes,
  getOrganizationKey,
  isSamePair,
  type OrganizationRef,
} from "../../../cli/src/changes/shared-data.js";

describe("two organizations are the same", () => {
  const isSame = (a: OrganizationRef, b: OrganizationRef) => {
    const hub = { id: "hub" };
    const asSource = isSamePair({ source: a, sink: hub }, { source: b, sink: hub });
    expect(isSamePair({ source: hub, sink: a }, { source: hub, sink: b })).toBe(asSource);
    return asSource;
  };

  it.each<[OrganizationRef, OrganizationRef]>([
    [{ id: "a" }, { id: "a" }],
    [
      { id: "a", alias: "x" },
      { id: "a", alias: "y" },
    ],
    [{ alias: "x" }, { alias: "x" }],
    [{ id: "a", alias: "x" }, { alias: "x" }],
    [{ isDefault: true }, { isDefault: true }],
  ])("%j and %j", (a, b) => {
    expect(isSame(a, b)).toBe(true);
    expect(isSame(b, a)).toBe(true);
  });

  it.each<[OrganizationRef, OrganizationRef]>([
    [{ id: "a" }, { id: "b" }],
    [
      { id: "a", alias: "x" },
      { id: "b", alias: "x" },
    ],
    [{ alias: "x" }, { alias: "y" }],
    [{ id: "a" }, { alias: "x" }],
    [{ isDefault: true }, { alias: "x" }],
    [{}, {}],
  ])("not %j and %j", (a, b) => {
    expect(isSame(a, b)).toBe(false);
    expect(isSame(b, a)).toBe(false);
  });
});

test("a pair that is missing is not the same as another one", () => {
  const pair = { source: { id: "a" }, sink: { id: "b" } };
  expect(isSamePair(pair, pair)).toBe(true);
  expect(isSamePair(undefined, pair)).toBe(false);
  expect(isSamePair(pair, undefined)).toBe(false);
  expect(isSamePair(undefined, undefined)).toBe(false);
});

test.each<[OrganizationRef, string | undefined]>([
  [{ id: "a", alias: "x", isDefault: true }, "a"],
  [{ alias: "x" }, '["alias","x",""]'],
  [{ alias: "x", location: "acme/dev" }, '["alias","x","acme/dev"]'],
  [{ provider: "x", location: "plan.json" }, '["provider","x","plan.json"]'],
  [{ isDefault: true, location: "acme/dev" }, '["default","acme/dev"]'],
  [{ name: "Acme" }, undefined],
])("the key of %j is %j", (organization, key) => expect(getOrganizationKey(organization)).toBe(key));

describe("types before and after a change", () => {
  const logs = { connectionTypes: ["logs"] };
  const unknown = { connectionTypes: [], openTypes: "unknown" } as const;
  const unspecified = { connectionTypes: ["audit"], openTypes: "unspecified" } as const;
  it.each([
    [logs, { connectionTypes: ["audit", "metrics"] }, ["audit", "metrics"], ["logs"]],
    [logs, logs, [], []],
    [logs, unknown, [], []],
    [unknown, logs, ["logs"], []],
    [logs, unspecified, [], []],
  ])("%j to %j", (before, after, addedTypes, removedTypes) =>
    expect(compareTypes(before, after)).toEqual({ addedTypes, removedTypes }),
  );
});
