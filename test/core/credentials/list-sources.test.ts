import { describe, expect, test } from "vitest";
import { listSources } from "../../../core/src/credentials/organization-names.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const list = (
  config: Record<string, string>,
  env: Record<string, string> = {},
  spellings?: Map<string, string>,
) => listSources({ config: (key) => config[key], env }, spellings);
const ID = "aaaaaaaa-0003-4000-8000-000000000003";
const configured = { [ORGANIZATIONS]: JSON.stringify({ "team-01": {}, payments: {} }) };

test("the default organization, the configured ones, and those that only variables name, in this order", () => {
  const env = { DD_API_KEY: "a", DD_APP_KEY__SHOP: "b", DD_API_KEY__BOOKS: "c" };
  expect(list(configured, env)).toEqual([undefined, "team-01", "payments", "books", "shop"]);
});

test("the default organization only with a key", () => {
  expect(list(configured)).toEqual(["team-01", "payments"]);
  expect(list({ ...configured, [`${PACKAGE}:appKey`]: "a" })).toEqual([undefined, "team-01", "payments"]);
});

test("a token is enough, in the same places", () => {
  expect(list({}, { DD_BEARER_TOKEN: "a", DD_BEARER_TOKEN__SHOP: "b" })).toEqual([undefined, "shop"]);
  expect(list({ [`${PACKAGE}:bearerToken`]: "a" })).toEqual([undefined]);
});

describe("with a workload identity", () => {
  const topLevel = { [`${PACKAGE}:identity`]: JSON.stringify({ type: "github" }) };

  test("an organization is named by its type or by its id", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE__SHOP: "github", DD_ORG_UUID__BOOKS: ID };
    expect(list(configured, env)).toEqual(["team-01", "payments", "books", "shop"]);
    expect(list({}, { DD_ORG_UUID__TEAM_01: ID, DD_CLOUD_PROVIDER_TYPE__TEAM_01: "aws" })).toEqual([
      "team-01",
    ]);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["in the configuration", { ...topLevel, [`${PACKAGE}:id`]: ID }, {}],
    ["in the Datadog provider's", { "datadog:cloudProviderType": "aws", "datadog:orgUuid": ID }, {}],
    ["in the environment", {}, { DD_CLOUD_PROVIDER_TYPE: "aws", DATADOG_ORG_UUID: ID }],
    ["in the environment by name", {}, { DD_CLOUD_PROVIDER_TYPE__DEFAULT: "aws", DD_ORG_UUID__DEFAULT: ID }],
    ["at one level, and an id at another one", topLevel, { DD_ORG_UUID: ID }],
  ])("the default organization exists if it has one and an id: %s", (_, config, env) => {
    expect(list(config, env)).toEqual([undefined]);
  });

  test("the default organization does not exist without an id: the identity is only for the others", () => {
    expect(list({ ...configured, ...topLevel }, { DD_CLOUD_PROVIDER_TYPE: "github" })).toEqual([
      "team-01",
      "payments",
    ]);
  });

  test("nor with an id alone, but with keys it does, whatever else is missing", () => {
    expect(list({ [`${PACKAGE}:id`]: ID }, { DD_ORG_UUID: ID })).toEqual([]);
    expect(list(topLevel, { DD_API_KEY: "a" })).toEqual([undefined]);
  });

  test("an invalid identity is listed: its error is that of the one organization", () => {
    const config = { [`${PACKAGE}:identity`]: "x", [`${PACKAGE}:id`]: ID };
    expect(list(config, { DD_CLOUD_PROVIDER_TYPE__SHOP: "x" })).toEqual([undefined, "shop"]);
  });
});

test("variables of a configured organization, and empty ones, name no other", () => {
  expect(list(configured, { DD_API_KEY__TEAM_01: "a", DD_API_KEY__SHOP: " " })).toEqual([
    "team-01",
    "payments",
  ]);
});

test("a name from a variable has the given spelling", () => {
  const spellings = new Map([["TEAM_01", "team_01"]]);
  expect(list({}, { DD_API_KEY__TEAM_01: "a" }, spellings)).toEqual(["team_01"]);
});
