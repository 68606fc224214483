import { describe, expect, test } from "vitest";
import type { Settings } from "../../../core/src/credentials/resolve.js";
import { listConfiguredOrganizations } from "../../../cli/src/live/organizations.js";

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
      ["BAR"],
      ["SHOP"],
    ]);
  });

  test("variables of a named organization do not name another one", () => {
    const env = { DD_API_KEY__PAY_MENTS: "x", DD_APP_KEY__PAY_MENTS: "y" };
    const [one, ...more] = listConfiguredOrganizations([createSettings(env, { "pay-ments": {} })]);
    expect(more).toEqual([]);
    expect(one?.session?.credentials).toMatchObject({ apiKey: "x", appKey: "y" });
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

  test("two names with the same variables are not usable, and the message says why", () => {
    const [a, b] = listConfiguredOrganizations([
      createSettings({}, { "x-y": createKeys("1"), x_y: createKeys("2") }),
    ]);
    expect([a?.failure?.code, b?.failure?.code]).toEqual(["invalid-configuration", "invalid-configuration"]);
  });
});
