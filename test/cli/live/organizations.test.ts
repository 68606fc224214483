import { describe, expect, test } from "vitest";
import type { Settings } from "../../../core/src/credentials/resolve.js";
import { listConfiguredOrganizations, selectOrganizations } from "../../../cli/src/live/organizations.js";

const ORGANIZATIONS = "datadog-org-connections:organizations";

function createSettings(
  env: Record<string, string>,
  named: Record<string, Record<string, string>> = {},
): Settings {
  return { env, config: (key) => (key === ORGANIZATIONS ? JSON.stringify(named) : undefined) };
}

const createKeys = (name: string) => ({ apiKey: `api-${name}`, appKey: `app-${name}` });
const listNames = (...all: Settings[]) => listConfiguredOrganizations(all).map((one) => one.names);

describe("the configured organizations", () => {
  test("are the default one, the named ones, and those that only variables name, in this order", () => {
    const env = {
      DD_API_KEY: "api",
      DD_APP_KEY: "app",
      DD_API_KEY__SHOP: "api-shop",
      DD_APP_KEY__SHOP: "app-shop",
      DD_API_KEY__BAR: "api-bar",
    };
    expect(listNames(createSettings(env, { "pay-ments": createKeys("payments") }))).toEqual([
      ["(default)"],
      ["pay-ments"],
      ["bar"],
      ["shop"],
    ]);
  });

  test("that only variables name are spelled as another stack does, or in lower case with hyphens", () => {
    const env = { DD_API_KEY__TEAM_01: "x", DD_APP_KEY__TEAM_01: "y", DD_API_KEY__TEAM_02: "z" };
    const other = createSettings({}, { "Team.01": createKeys("other") });
    expect(listNames(createSettings(env))).toEqual([["team-01"], ["team-02"]]);
    expect(listNames(createSettings(env), other)).toEqual([["Team.01"], ["team-02"], ["Team.01"]]);
    expect(listNames(other, createSettings(env))).toEqual([["Team.01"], ["Team.01"], ["team-02"]]);
  });

  test("have one spelling for each name", () => {
    const one = createSettings({}, { team_01: createKeys("same"), hub: createKeys("same") });
    const two = createSettings(
      {},
      { "team-01": createKeys("same"), HUB: createKeys("same"), bills: createKeys("same") },
    );
    expect(listNames(one, two)).toEqual([["team_01", "hub", "bills"]]);
  });

  test("are never named by a UUID", () => {
    const suffix = "AAAAAAAA_0001_4000_8000_000000000001";
    const env = { [`DD_API_KEY__${suffix}`]: "x", [`DD_APP_KEY__${suffix}`]: "y" };
    expect(listNames(createSettings(env))).toEqual([[suffix.toLowerCase()]]);
  });

  test.each(["team-01", "TEAM_01", "Team.01"])(
    "are selected by %s, whatever their own spelling",
    (source) => {
      const env = { DD_API_KEY__TEAM_01: "x", DD_APP_KEY__TEAM_01: "y", DD_API_KEY__TEAM_02: "z" };
      const configured = listConfiguredOrganizations([createSettings(env)]);
      expect(selectOrganizations(configured, [source]).map(({ names }) => names)).toEqual([["team-01"]]);
    },
  );

  test("are selected by their exact name first", () => {
    const one = createSettings({}, { team_01: createKeys("one") });
    const two = createSettings({}, { "team-01": createKeys("two") });
    const configured = listConfiguredOrganizations([one, two]);
    for (const name of ["team_01", "team-01"])
      expect(selectOrganizations(configured, [name]).map(({ names }) => names)).toEqual([[name]]);
  });

  test.each(["hub", "HUB", "default"])(
    "are all selected by %s if several stacks have that name",
    (source) => {
      const createStack = (stack: string) =>
        createSettings(
          { DD_API_KEY: `api-${stack}`, DD_APP_KEY: `app-${stack}` },
          { hub: createKeys(`${stack}-hub`), other: createKeys("other") },
        );
      const configured = listConfiguredOrganizations([createStack("dev"), createStack("prod")]);
      const name = source === "default" ? "(default)" : "hub";
      expect(selectOrganizations(configured, [source]).map(({ names }) => names)).toEqual([[name], [name]]);
    },
  );

  test("variables of a named organization do not name another one", () => {
    const env = { DD_API_KEY__PAY_MENTS: "x", DD_APP_KEY__PAY_MENTS: "y" };
    const [one, ...more] = listConfiguredOrganizations([createSettings(env, { "pay-ments": {} })]);
    expect(more).toEqual([]);
    expect(one?.session?.credentials.authentication).toMatchObject({ apiKey: "x", appKey: "y" });
  });

  test.each<[string, Record<string, string>]>([
    ["no default organization without one of its credentials", { DD_SITE: "datadoghq.eu" }],
    ["an empty variable names no organization", { DD_API_KEY__SHOP: " " }],
    ["variables of the default organization name no other", { DD_SITE__DEFAULT: "datadoghq.eu" }],
  ])("%s", (_, env) => {
    expect(listNames(createSettings(env))).toEqual([]);
  });

  test("an organization without usable credentials is included, with the reason", () => {
    const [payments, shop] = listConfiguredOrganizations([
      createSettings({ DD_APP_KEY__SHOP: "half" }, { payments: {} }),
    ]);
    expect(payments?.failure?.code).toBe("credentials-missing");
    expect(shop?.failure?.message).toContain("DD_API_KEY__SHOP is not");
  });

  test("the same credentials in two stacks are one organization; other credentials of that name are another", () => {
    const one = createSettings({}, { payments: createKeys("payments"), hub: createKeys("hub") });
    const two = createSettings({}, { bills: createKeys("payments"), hub: createKeys("other-hub") });
    expect(listNames(one, two)).toEqual([["payments", "bills"], ["hub"], ["hub"]]);
  });

  test("the same credentials for two configured ids are two organizations: one of them will be refused", () => {
    const createId = (n: number) => `aaaaaaaa-000${n}-4000-8000-000000000001`;
    const named = { a: { ...createKeys("a"), id: createId(1) }, b: { ...createKeys("a"), id: createId(2) } };
    expect(listNames(createSettings({}, named))).toEqual([["a"], ["b"]]);
  });

  describe("with the id of an organization and without its credentials", () => {
    const id = "aaaaaaaa-0001-4000-8000-000000000001";
    const managing = createSettings({}, { hub: { ...createKeys("hub"), id: id.toUpperCase() } });

    test.each([
      ["under the same name", createSettings({}, { hub: { id } }), [["hub"]]],
      ["under another name", createSettings({}, { observability: { id } }), [["hub", "observability"]]],
      ["with another id", createSettings({}, { hub: { id: id.replace("1", "2") } }), [["hub"], ["hub"]]],
      ["with one of its two keys", createSettings({}, { hub: { id, apiKey: "x" } }), [["hub"], ["hub"]]],
    ])("in another stack, %s, are one organization if the id is the same", (_, other, names) => {
      expect(listNames(managing, other)).toEqual(names);
      expect(listNames(other, managing)).toEqual(names);
    });

    test("in the same stack are not", () => {
      const both = createSettings({}, { hub: { ...createKeys("hub"), id }, other: { id } });
      expect(listNames(both)).toEqual([["hub"], ["other"]]);
      expect(listNames(both, managing)).toEqual([["hub"], ["other"]]);
    });

    test("are two organizations if two stacks have different ids", () => {
      const createStack = (own: string) => createSettings({}, { hub: { id: own } });
      const stacks = [createStack(id), createStack(id.replace("1", "2"))];
      expect(listNames(...stacks)).toEqual([["hub"], ["hub"]]);
    });

    test("are one organization if a variable has the id, and only one of the stacks has the identity", () => {
      const env = { DD_ORG_UUID__SHOP: id };
      const withIdentity: Settings = {
        env,
        config: (key) => (key === "datadog-org-connections:identity" ? '{"type":"aws"}' : undefined),
      };
      const withKeys = createSettings(env, { payments: createKeys("payments") });
      const configured = listConfiguredOrganizations([withIdentity, withKeys]);
      expect(configured.map(({ names, failure }) => [names, failure])).toEqual([
        [["shop"], undefined],
        [["payments"], undefined],
      ]);
    });
  });

  test("two names with the same variables are not usable, and the message says why", () => {
    const [a, b] = listConfiguredOrganizations([
      createSettings({}, { "x-y": createKeys("1"), x_y: createKeys("2") }),
    ]);
    expect([a?.failure?.code, b?.failure?.code]).toEqual(["invalid-configuration", "invalid-configuration"]);
  });
});
