import { describe, expect, test } from "vitest";
import { findPlainTextCredentials } from "../../../core/src/credentials/plain-text-credentials.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const secure = { secure: "AAABAJ" };
const findSettings = (config: Record<string, unknown>) =>
  findPlainTextCredentials(new Map(Object.entries(config))).map(({ setting }) => setting);
const createOrganizations = (payments: unknown) => ({ [ORGANIZATIONS]: { payments } });

describe("credentials in plain text", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["nothing", {}, []],
    ["secrets", { ...createOrganizations({ apiKey: secure, appKey: secure }), "datadog:apiKey": secure }, []],
    [
      "one next to a secret",
      createOrganizations({ apiKey: secure, appKey: "x", id: "y" }),
      [`${ORGANIZATIONS}.payments.appKey`],
    ],
    [
      "both, next to other settings of an organization",
      createOrganizations({ apiKey: "x", appKey: "y", site: "datadoghq.eu", auth: "query" }),
      [`${ORGANIZATIONS}.payments.apiKey`, `${ORGANIZATIONS}.payments.appKey`],
    ],
    [
      "the whole value as a JSON string",
      { [ORGANIZATIONS]: JSON.stringify({ payments: { apiKey: "x" } }) },
      [`${ORGANIZATIONS}.payments.apiKey`],
    ],
    ["the whole value as a secret", { [ORGANIZATIONS]: secure }, []],
    [
      "an organization called secure",
      { [ORGANIZATIONS]: { secure: { apiKey: "x" } } },
      [`${ORGANIZATIONS}.secure.apiKey`],
    ],
    ["a number", createOrganizations({ apiKey: 1234 }), [`${ORGANIZATIONS}.payments.apiKey`]],
    [
      "an object that resembles a secret",
      createOrganizations({ apiKey: { secure: "x", more: 1 } }),
      [`${ORGANIZATIONS}.payments.apiKey`],
    ],
    ["empty values", createOrganizations({ apiKey: "", appKey: null }), []],
    ["values of another form", { [ORGANIZATIONS]: ["x"], "datadog:appKey": null }, []],
    ["an organization that is a string", createOrganizations("x"), []],
    [
      "tokens",
      {
        ...createOrganizations({ bearerToken: "x" }),
        [`${PACKAGE}:bearerToken`]: "y",
        "datadog:bearerToken": "z",
      },
      [`${PACKAGE}:bearerToken`, "datadog:bearerToken", `${ORGANIZATIONS}.payments.bearerToken`],
    ],
    [
      "identities and ids, which are no secrets",
      {
        ...createOrganizations({ identity: { type: "aws", region: "us-east-1" }, id: "x" }),
        [`${PACKAGE}:identity`]: '{"type":"github"}',
        [`${PACKAGE}:id`]: "x",
        "datadog:cloudProviderType": "aws",
        "datadog:orgUuid": "x",
      },
      [],
    ],
    [
      "a key next to an identity",
      createOrganizations({ identity: { type: "aws" }, apiKey: "x" }),
      [`${ORGANIZATIONS}.payments.apiKey`],
    ],
    ["a secret token", createOrganizations({ bearerToken: secure }), []],
    [
      "keys of the default organization",
      {
        [`${PACKAGE}:apiKey`]: "a",
        [`${PACKAGE}:appKey`]: "b",
        "datadog:apiKey": "c",
        "datadog:appKey": "d",
        "datadog:apiUrl": "e",
      },
      [`${PACKAGE}:apiKey`, `${PACKAGE}:appKey`, "datadog:apiKey", "datadog:appKey"],
    ],
  ])("%s", (_, config, expected) => {
    expect(findSettings(config)).toEqual(expected);
  });

  test("of an organization called __proto__ are found", () => {
    const text = '{"__proto__":{"apiKey":"x"},"constructor":{"appKey":"y"}}';
    for (const value of [text, JSON.parse(text) as unknown]) {
      expect(findSettings({ [ORGANIZATIONS]: value })).toEqual([
        `${ORGANIZATIONS}.__proto__.apiKey`,
        `${ORGANIZATIONS}.constructor.appKey`,
      ]);
    }
  });

  test("have the command that sets them again, with quotes for the shell", () => {
    const commands = findPlainTextCredentials(
      new Map<string, unknown>([
        ["datadog:apiKey", "x"],
        [ORGANIZATIONS, { "it's.ours": { apiKey: "y" } }],
      ]),
    ).map(({ command }) => command);
    expect(commands).toEqual([
      "pulumi config set --secret 'datadog:apiKey'",
      String.raw`pulumi config set --secret --path '${ORGANIZATIONS}["it'\''s.ours"].apiKey'`,
    ]);
  });
});
