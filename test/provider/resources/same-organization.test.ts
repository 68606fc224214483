import { describe, expect, test } from "vitest";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/settings.js";
import { OrganizationNames } from "../../../provider/src/resources/same-organization.js";

type Entry = { apiKey?: string; appKey?: string; id?: string; url?: string };
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const CHECKOUT = "aaaaaaaa-0004-4000-8000-000000000004";
const keys = (name: string) => ({ apiKey: `api-${name}`, appKey: `app-${name}` });

function names(
  organizations: Record<string, Entry>,
  env: Record<string, string> = {},
  more: Record<string, string> = {},
) {
  const config: Record<string, string> = { [ORGANIZATIONS_KEY]: JSON.stringify(organizations), ...more };
  return new OrganizationNames(() => ({ config: (key) => config[key], env }));
}
/** The names that are the same as the last one, once all have been asked for in this order. */
const group = (all: OrganizationNames, ...asked: (string | undefined)[]) => {
  for (const name of asked) all.sameAs(name);
  return [...all.sameAs(asked.at(-1))].sort();
};

describe("names that lead to one organization for certain", () => {
  test("are those with the same configured id, with whatever keys or none", () => {
    const all = names({ a: { ...keys("one"), id: PAYMENTS.toUpperCase() }, b: { id: PAYMENTS } });
    expect(group(all, "a", "b")).toEqual(["a", "b"]);
  });

  test("are those with the same credentials, wherever they come from", () => {
    const env = {
      DD_API_KEY__B: "api-one",
      DD_APP_KEY__B: "app-one",
      DD_API_KEY: "api-one",
      DD_APP_KEY: "app-one",
    };
    expect(group(names({ a: keys("one") }, env), "a", "b", undefined)).toEqual(["a", "b", undefined]);
  });

  test("are the default organization and a name with its configured id", () => {
    const all = names({ a: { id: PAYMENTS } }, {}, { [`${NAMESPACE}:id`]: PAYMENTS });
    expect(group(all, undefined, "a")).toEqual(["a", undefined]);
  });

  test("are those that a third name connects, in whatever order they are declared", () => {
    const all = { a: { id: PAYMENTS }, b: { ...keys("one"), id: PAYMENTS }, c: keys("one") };
    expect(group(names(all), "a", "c", "b")).toEqual(["a", "b", "c"]);
    const asked = names(all);
    group(asked, "a", "c", "b");
    expect([...asked.sameAs("a")].sort()).toEqual(["a", "b", "c"]);
  });
});

describe("names that may lead to different organizations", () => {
  test.each<[string, Entry]>([
    ["other keys", keys("two")],
    ["another application key", { ...keys("one"), appKey: "app-two" }],
    ["another address", { ...keys("one"), url: "https://api.datadoghq.eu" }],
    ["no keys", {}],
    ["half its keys", { apiKey: "api-one" }],
  ])("%s", (_, b) => {
    const all = names({ a: keys("one"), b });
    expect(group(all, "a", "b")).toEqual(["b"]);
    expect(all.areDifferent("a", "b")).toBe(false);
  });

  test("settings that cannot be read compare nothing, and are no failure here", () => {
    const all = names({ a: { ...keys("one"), id: "no UUID" }, b: keys("one") });
    expect(group(all, "a", "b")).toEqual(["b"]);
  });
});

describe("names that lead to different organizations", () => {
  test("have both a configured id, and not the same", () => {
    const all = names({ a: { id: PAYMENTS }, b: { id: CHECKOUT }, c: keys("one") });
    expect([all.areDifferent("a", "b"), all.areDifferent("a", "c"), all.areDifferent("a", "a")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("are not those with the same credentials, whatever ids are configured", () => {
    const all = names({ a: { ...keys("one"), id: PAYMENTS }, b: { ...keys("one"), id: CHECKOUT } });
    expect(all.areDifferent("a", "b")).toBe(false);
    expect(group(all, "a", "b")).toEqual(["a", "b"]);
  });
});
