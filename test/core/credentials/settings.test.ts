import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ORGANIZATIONS, PACKAGE, catchRefusal, resolveKeys } from "./harness.js";

const SECRET = "a-key-that-must-stay-secret";
const ID = "AAAAAAAA-0003-4000-8000-000000000003";
const keys = { apiKey: "a", appKey: "b" };
const createConfig = (payments: unknown) => ({ config: { [ORGANIZATIONS]: JSON.stringify({ payments }) } });

describe("invalid organizations", () => {
  test.each<[string, string, string]>([
    ["invalid JSON", `{"payments": ${SECRET}`, "is not an object that maps names to organizations"],
    ["a string", JSON.stringify(SECRET), "is not an object that maps names to organizations"],
    ["null", "null", "is not an object that maps names to organizations"],
    ["an empty string", "", "is not an object that maps names to organizations"],
    ["a list", JSON.stringify([SECRET]), "is not an object that maps names to organizations"],
    ["a key in place of an organization", JSON.stringify({ payments: SECRET }), "at `payments`"],
    ["an unknown field", JSON.stringify({ payments: { ...keys, apikey: SECRET } }), "at `payments.apikey`"],
    [
      "a key that is not a string",
      JSON.stringify({ payments: { apiKey: [SECRET] } }),
      "at `payments.apiKey`",
    ],
    [
      "a key that is an object",
      JSON.stringify({ payments: { apiKey: { secure: SECRET } } }),
      "at `payments.apiKey`",
    ],
    ["an ID that is not a UUID", JSON.stringify({ payments: { ...keys, id: SECRET } }), "at `payments.id`"],
    [
      "an unknown form of auth",
      JSON.stringify({ payments: { ...keys, auth: SECRET } }),
      "at `payments.auth`",
    ],
  ])("%s: the error contains the path, but not the value", (_, text, place) => {
    const error = catchRefusal("payments", { config: { [ORGANIZATIONS]: text } });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain(`\`${ORGANIZATIONS}\``);
    expect(error.message).toContain(place);
    for (const printed of [
      error.message,
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: null }),
    ]) {
      expect(printed).not.toContain(SECRET);
    }
  });

  test("are an error for the default organization too", () => {
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b" };
    expect(catchRefusal(undefined, { config: { [ORGANIZATIONS]: "{" }, env }).code).toBe(
      "invalid-configuration",
    );
  });
});

describe("names of organizations", () => {
  test.each(["constructor", "__proto__", "prototype", "hasOwnProperty"])(
    "%s has all its settings",
    (name) => {
      const text = `{"${name}":{"apiKey":"a","appKey":"b","site":"datadoghq.eu","id":"${ID}","auth":"query"}}`;
      expect(resolveKeys(name, { config: { [ORGANIZATIONS]: text } })).toMatchObject({
        ...keys,
        baseUrl: "https://api.datadoghq.eu",
        organizationId: ID.toLowerCase(),
        keyLocation: "query",
      });
    },
  );

  test("invalid settings of __proto__ are an error too", () => {
    const error = catchRefusal("payments", {
      config: { [ORGANIZATIONS]: `{"__proto__":{"apikey":"${SECRET}"}}` },
    });
    expect(error.message).toContain("at `__proto__.apikey`");
  });

  test.each([ID, ID.toLowerCase(), ` ${ID} `])(
    "%j has the form of a UUID: an error for every source",
    (name) => {
      const config = { [ORGANIZATIONS]: { [name]: keys, payments: keys } };
      for (const source of ["payments", name, undefined]) {
        const error = catchRefusal(source, { config, env: { DD_API_KEY: "a", DD_APP_KEY: "b" } });
        expect(error.code).toBe("invalid-configuration");
        expect(error.message).toContain(`"${name}"`);
        expect(error.message).toContain("could be mistaken for an organization ID");
      }
    },
  );

  test("with dots, brackets and quotation marks have the form of `pulumi config set --path`", () => {
    const config = { [ORGANIZATIONS]: { 'a.b["c"]': { apiKey: "a" } } };
    expect(catchRefusal('a.b["c"]', { config }).message).toContain(
      String.raw`${ORGANIZATIONS}["a.b[\"c\"]"].appKey`,
    );
  });
});

describe("invalid settings of the default organization", () => {
  test.each([
    ["id", "not-a-uuid"],
    ["auth", "cookie"],
  ])("the error names %s, but not its value", (name, value) => {
    const config = { [`${PACKAGE}:apiKey`]: "a", [`${PACKAGE}:appKey`]: "b", [`${PACKAGE}:${name}`]: value };
    const error = catchRefusal(undefined, { config });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain(`${PACKAGE}:${name}`);
    expect(error.message).not.toContain(value);
  });
});

describe("a value that is not a valid key", () => {
  test.each<[string, string]>([
    ["a line break inside", `${SECRET}\nX-Header: 1`],
    ["a carriage return inside", `${SECRET}\rx`],
    ["a space inside", `${SECRET} x`],
    ["a zero byte", `${SECRET}\0`],
    ["a character outside ASCII", `${SECRET}é`],
    ["a delete character", `${SECRET}\u007f`],
  ])("%s: the error names the setting, but not the value", (_, apiKey) => {
    const error = catchRefusal("payments", createConfig({ apiKey, appKey: "b" }));
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain(`${ORGANIZATIONS}.payments.apiKey`);
    expect(inspect(error, { depth: null })).not.toContain(SECRET);
  });

  test("spaces and a line break around a key are removed", () => {
    expect(resolveKeys("payments", createConfig({ apiKey: " a\n", appKey: "\tb " }))).toMatchObject(keys);
  });

  test("is an error for the application key too", () => {
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b b" };
    expect(catchRefusal(undefined, { env }).message).toContain("DD_APP_KEY");
  });
});

describe("a configured ID", () => {
  test("is converted to lower case", () => {
    expect(resolveKeys("payments", createConfig({ ...keys, id: ID })).organizationId).toBe(ID.toLowerCase());
  });

  test("also applies to keys from the environment", () => {
    const env = { DD_API_KEY__PAYMENTS: "c", DD_APP_KEY__PAYMENTS: "d" };
    expect(resolveKeys("payments", { ...createConfig({ id: ID }), env })).toMatchObject({
      apiKey: "c",
      organizationId: ID.toLowerCase(),
    });
  });

  test("of the default organization does not apply to a named one", () => {
    const { config } = createConfig(keys);
    const all = { ...config, [`${PACKAGE}:id`]: ID };
    expect(resolveKeys("payments", { config: all })).not.toHaveProperty("organizationId");
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b" };
    expect(resolveKeys(undefined, { config: all, env }).organizationId).toBe(ID.toLowerCase());
  });
});

describe("the form of authentication", () => {
  const env = { DD_API_KEY: "a", DD_APP_KEY: "b" };

  test("is headers by default, and query if configured", () => {
    expect(resolveKeys("payments", createConfig(keys)).keyLocation).toBe("headers");
    expect(resolveKeys("payments", createConfig({ ...keys, auth: "query" })).keyLocation).toBe("query");
    expect(resolveKeys(undefined, { env, config: { [`${PACKAGE}:auth`]: "query" } }).keyLocation).toBe(
      "query",
    );
  });

  test("of a named organization overrides the default's", () => {
    const config = { [`${PACKAGE}:auth`]: "query" };
    expect(resolveKeys("payments", { config: { ...createConfig(keys).config, ...config } }).keyLocation).toBe(
      "query",
    );
    const own = createConfig({ ...keys, auth: "headers" }).config;
    expect(resolveKeys("payments", { config: { ...own, ...config } }).keyLocation).toBe("headers");
  });
});
