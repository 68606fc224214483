import { describe, expect, test } from "vitest";
import { plainKeys } from "../../../core/src/credentials/plain-keys.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const secure = { secure: "AAABAJ" };
const settingsOf = (config: Record<string, unknown>) =>
  plainKeys(new Map(Object.entries(config))).map(({ setting }) => setting);
const named = (payments: unknown) => ({ [ORGANIZATIONS]: { payments } });

describe("keys in plain text", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["nothing", {}, []],
    ["secrets", { ...named({ apiKey: secure, appKey: secure }), "datadog:apiKey": secure }, []],
    [
      "one beside a secret",
      named({ apiKey: secure, appKey: "x", id: "y" }),
      [`${ORGANIZATIONS}.payments.appKey`],
    ],
    [
      "both, and the other settings of an organization",
      named({ apiKey: "x", appKey: "y", site: "datadoghq.eu", auth: "query" }),
      [`${ORGANIZATIONS}.payments.apiKey`, `${ORGANIZATIONS}.payments.appKey`],
    ],
    [
      "the whole value as JSON text",
      { [ORGANIZATIONS]: JSON.stringify({ payments: { apiKey: "x" } }) },
      [`${ORGANIZATIONS}.payments.apiKey`],
    ],
    ["the whole value as a secret", { [ORGANIZATIONS]: secure }, []],
    [
      "an organization called secure",
      { [ORGANIZATIONS]: { secure: { apiKey: "x" } } },
      [`${ORGANIZATIONS}.secure.apiKey`],
    ],
    ["a number", named({ apiKey: 1234 }), [`${ORGANIZATIONS}.payments.apiKey`]],
    [
      "an object that only looks like a secret",
      named({ apiKey: { secure: "x", more: 1 } }),
      [`${ORGANIZATIONS}.payments.apiKey`],
    ],
    ["empty values", named({ apiKey: "", appKey: null }), []],
    ["values of another form", { [ORGANIZATIONS]: ["x"], "datadog:appKey": null }, []],
    ["an organization that is a text", named("x"), []],
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
    expect(settingsOf(config)).toEqual(expected);
  });

  test("of an organization called __proto__ are seen", () => {
    const text = '{"__proto__":{"apiKey":"x"},"constructor":{"appKey":"y"}}';
    for (const value of [text, JSON.parse(text) as unknown]) {
      expect(settingsOf({ [ORGANIZATIONS]: value })).toEqual([
        `${ORGANIZATIONS}.__proto__.apiKey`,
        `${ORGANIZATIONS}.constructor.appKey`,
      ]);
    }
  });

  test("come with the command that sets them again, for any shell name", () => {
    const commands = plainKeys(
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
