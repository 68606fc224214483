import { describe, expect, test } from "vitest";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/setting-names.js";
import { OrganizationNames } from "../../../core/src/credentials/organization-names.js";

type Entry = { apiKey?: string; appKey?: string; bearerToken?: string; id?: string; url?: string };
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const CHECKOUT = "aaaaaaaa-0004-4000-8000-000000000004";
const createKeys = (name: string) => ({ apiKey: `api-${name}`, appKey: `app-${name}` });

function createNames(
  organizations: Record<string, Entry>,
  env: Record<string, string> = {},
  more: Record<string, string> = {},
) {
  const config: Record<string, string> = { [ORGANIZATIONS_KEY]: JSON.stringify(organizations), ...more };
  return new OrganizationNames(() => ({ config: (key) => config[key], env }));
}
/** Adds the names in this order, and returns those of the same organization as the last one. */
const findGroup = (all: OrganizationNames, ...asked: (string | undefined)[]) => {
  for (const name of asked) all.findEquivalentNames(name);
  return [...all.findEquivalentNames(asked.at(-1))].sort();
};

describe("names that are certainly the same organization", () => {
  test("have the same configured id, with any credentials or none", () => {
    const all = createNames({ a: { ...createKeys("one"), id: PAYMENTS.toUpperCase() }, b: { id: PAYMENTS } });
    expect(findGroup(all, "a", "b")).toEqual(["a", "b"]);
  });

  test("have the same credentials from any source", () => {
    const env = {
      DD_API_KEY__B: "api-one",
      DD_APP_KEY__B: "app-one",
      DD_API_KEY: "api-one",
      DD_APP_KEY: "app-one",
    };
    expect(findGroup(createNames({ a: createKeys("one") }, env), "a", "b", undefined)).toEqual([
      "a",
      "b",
      undefined,
    ]);
  });

  test("have the same token from any source", () => {
    const env = { DD_BEARER_TOKEN__B: "token-one", DD_BEARER_TOKEN: "token-one" };
    const all = createNames({ a: { bearerToken: "token-one" }, c: { bearerToken: "token-two" } }, env);
    expect(findGroup(all, "a", "b", "c", undefined)).toEqual(["a", "b", undefined]);
    expect(all.hasCredentials("a")).toBe(true);
    expect(all.hasCredentials("misspelt")).toBe(false);
  });

  test("have the same id in the environment", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE: "github", DD_ORG_UUID__B: PAYMENTS, DD_ORG_UUID__C: CHECKOUT };
    const all = createNames({ a: { id: PAYMENTS } }, env);
    expect(findGroup(all, "a", "b", "c")).toEqual(["c"]);
    expect(findGroup(all, "a", "b")).toEqual(["a", "b"]);
    expect(all.isDifferentOrganization("b", "c")).toBe(true);
    expect(all.hasCredentials("a")).toBe(true);
  });

  test("are the default organization and a name with its configured id", () => {
    const all = createNames({ a: { id: PAYMENTS } }, {}, { [`${NAMESPACE}:id`]: PAYMENTS });
    expect(findGroup(all, undefined, "a")).toEqual(["a", undefined]);
  });

  test("are connected by a third name, in any order of declaration", () => {
    const all = { a: { id: PAYMENTS }, b: { ...createKeys("one"), id: PAYMENTS }, c: createKeys("one") };
    expect(findGroup(createNames(all), "a", "c", "b")).toEqual(["a", "b", "c"]);
    const asked = createNames(all);
    findGroup(asked, "a", "c", "b");
    expect([...asked.findEquivalentNames("a")].sort()).toEqual(["a", "b", "c"]);
  });
});

describe("names that may be different organizations", () => {
  test.each<[string, Entry]>([
    ["other credentials", createKeys("two")],
    ["another application key", { ...createKeys("one"), appKey: "app-two" }],
    ["another address", { ...createKeys("one"), url: "https://api.datadoghq.eu" }],
    ["missing credentials", {}],
    ["only one key", { apiKey: "api-one" }],
  ])("%s", (_, b) => {
    const all = createNames({ a: createKeys("one"), b });
    expect(findGroup(all, "a", "b")).toEqual(["b"]);
    expect(all.isDifferentOrganization("a", "b")).toBe(false);
  });

  test("invalid settings are not compared, and cause no error here", () => {
    const all = createNames({ a: { ...createKeys("one"), id: "no UUID" }, b: createKeys("one") });
    expect(findGroup(all, "a", "b")).toEqual(["b"]);
  });
});

describe("names that are certainly different organizations", () => {
  test("both have a configured id, and these differ", () => {
    const all = createNames({ a: { id: PAYMENTS }, b: { id: CHECKOUT }, c: createKeys("one") });
    expect([
      all.isDifferentOrganization("a", "b"),
      all.isDifferentOrganization("a", "c"),
      all.isDifferentOrganization("a", "a"),
    ]).toEqual([true, false, false]);
  });

  test("do not have the same credentials, even with different configured ids", () => {
    const all = createNames({
      a: { ...createKeys("one"), id: PAYMENTS },
      b: { ...createKeys("one"), id: CHECKOUT },
    });
    expect(all.isDifferentOrganization("a", "b")).toBe(false);
    expect(findGroup(all, "a", "b")).toEqual(["a", "b"]);
  });
});
