import { expect, test } from "vitest";
import { listSources } from "../../../core/src/credentials/list-sources.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const list = (
  config: Record<string, string>,
  env: Record<string, string> = {},
  spellings?: Map<string, string>,
) => listSources({ config: (key) => config[key], env }, spellings);
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
