/** Names share a session if their identifiers are equal. One identity serves many organizations, which must never share one. */
import { expect, test } from "vitest";
import { formatIdentifier } from "../../../core/src/credentials/resolve.js";
import { ORGANIZATIONS, resolve } from "./harness.js";

const ID = "aaaaaaaa-0003-4000-8000-000000000003";
const identity = { type: "oidc" };

const identify = (name: string, settings: object, env: Record<string, string> = {}) =>
  formatIdentifier(resolve(name, { config: { [ORGANIZATIONS]: { [name]: settings } }, env }));

test("two names with the same identity, id and address are the same organization", () => {
  const one = identify("payments", { identity, id: ID });
  expect(identify("payments-eu", { id: ID.toUpperCase() }, { DD_CLOUD_PROVIDER_TYPE: "oidc" })).toBe(one);
});

test("another id, identity, option, address or kind differs", () => {
  const all = [
    identify("payments", { identity, id: ID }),
    identify("payments", { identity, id: "aaaaaaaa-0004-4000-8000-000000000004" }),
    identify("payments", { identity: { type: "github" }, id: ID }),
    identify("payments", { identity: { type: "oidc", tokenVariable: "X" }, id: ID }),
    identify("payments", { identity, id: ID, site: "datadoghq.eu" }),
    identify("payments", { bearerToken: ID, id: ID }),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test.each([
  "DD_OIDC_TOKEN__PAYMENTS",
  "DD_OIDC_TOKEN_FILE__PAYMENTS",
  "DD_OIDC_TOKEN_COMMAND__PAYMENTS",
  "DD_GCP_IDENTITY_TOKEN__PAYMENTS",
  "DD_AZURE_ACCESS_TOKEN__PAYMENTS",
])("a name with a token of its own differs: it may be mapped to another account (%s)", (variable) => {
  const settings = { identity, id: ID };
  expect(identify("payments", settings, { [variable]: "x" })).not.toBe(
    identify("payments-eu", settings, { [variable]: "x" }),
  );
});

test("a blank variable is no token of its own", () => {
  const settings = { identity, id: ID };
  expect(identify("payments", settings, { DD_OIDC_TOKEN__PAYMENTS: " " })).toBe(
    identify("payments-eu", settings),
  );
});

test("keys and tokens do not differ by such a token, which they do not use", () => {
  const env = { DD_OIDC_TOKEN__PAYMENTS: "x" };
  expect(identify("payments", { bearerToken: "t" }, env)).toBe(identify("payments-eu", { bearerToken: "t" }));
});
