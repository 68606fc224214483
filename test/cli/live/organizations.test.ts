import { describe, expect, test } from "vitest";
import type { Settings } from "../../../core/src/credentials/resolve.js";
import { configuredOrganizations } from "../../../cli/src/live/organizations.js";

const ORGANIZATIONS = "datadog-org-connections:organizations";

function settings(env: Record<string, string>, named: Record<string, Record<string, string>> = {}): Settings {
  return { env, config: (key) => (key === ORGANIZATIONS ? JSON.stringify(named) : undefined) };
}

const keys = (name: string) => ({ apiKey: `api-${name}`, appKey: `app-${name}` });
const names = (...all: Settings[]) => configuredOrganizations(all).map((one) => one.names);

describe("which organizations are configured", () => {
  test("the default one, the named ones, and those that only variables name, in this order", () => {
    const env = {
      DD_API_KEY: "api",
      DD_APP_KEY: "app",
      DD_API_KEY__SHOP: "api-shop",
      DD_APP_KEY__SHOP: "app-shop",
      DD_API_KEY__BAR: "api-bar",
    };
    expect(names(settings(env, { "pay-ments": keys("payments") }))).toEqual([
      ["(default)"],
      ["pay-ments"],
      ["BAR"],
      ["SHOP"],
    ]);
  });

  test("variables of a named one are its own, and name no other", () => {
    const env = { DD_API_KEY__PAY_MENTS: "x", DD_APP_KEY__PAY_MENTS: "y" };
    const [one, ...more] = configuredOrganizations([settings(env, { "pay-ments": {} })]);
    expect(more).toEqual([]);
    expect(one?.session?.credentials).toMatchObject({ apiKey: "x", appKey: "y" });
  });

  test.each<[string, Record<string, string>]>([
    ["no default without one of its keys", { DD_SITE: "datadoghq.eu" }],
    ["an empty variable names nobody", { DD_API_KEY__SHOP: " " }],
    ["variables of the default one name no other", { DD_SITE__DEFAULT: "datadoghq.eu" }],
  ])("%s", (_, env) => {
    expect(names(settings(env))).toEqual([]);
  });

  test("one without usable keys is there, with the reason", () => {
    const [payments, shop] = configuredOrganizations([
      settings({ DD_APP_KEY__SHOP: "half" }, { payments: {} }),
    ]);
    expect(payments?.failure?.code).toBe("keys-missing");
    expect(shop?.failure?.message).toContain("DD_API_KEY__SHOP is not");
  });

  test("the same keys in two stacks are one organization; other keys of that name another", () => {
    const one = settings({}, { payments: keys("payments"), hub: keys("hub") });
    const two = settings({}, { bills: keys("payments"), hub: keys("other-hub") });
    expect(names(one, two)).toEqual([["payments", "bills"], ["hub"], ["hub"]]);
  });

  test("the same keys for two configured ids are two: one of them will be refused", () => {
    const id = (n: number) => `aaaaaaaa-000${n}-4000-8000-000000000001`;
    const named = { a: { ...keys("a"), id: id(1) }, b: { ...keys("a"), id: id(2) } };
    expect(names(settings({}, named))).toEqual([["a"], ["b"]]);
  });

  test("two names with one set of variables are not usable, and the message says why", () => {
    const [a, b] = configuredOrganizations([settings({}, { "x-y": keys("1"), x_y: keys("2") })]);
    expect([a?.failure?.code, b?.failure?.code]).toEqual(["invalid-configuration", "invalid-configuration"]);
  });
});
