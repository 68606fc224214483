import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ORGANIZATIONS, PACKAGE, refusal, resolve } from "./harness.js";

const SECRET = "a-key-nobody-may-see";
const ID = "AAAAAAAA-0003-4000-8000-000000000003";
const keys = { apiKey: "a", appKey: "b" };
const named = (payments: unknown) => ({ config: { [ORGANIZATIONS]: JSON.stringify({ payments }) } });

describe("organizations that are configured wrongly", () => {
  test.each<[string, string, string]>([
    ["no JSON", `{"payments": ${SECRET}`, "is not an object of organizations by name"],
    ["a text", JSON.stringify(SECRET), "is not an object of organizations by name"],
    ["null", "null", "is not an object of organizations by name"],
    ["an empty text", "", "is not an object of organizations by name"],
    ["a list", JSON.stringify([SECRET]), "is not an object of organizations by name"],
    ["a key in an organization's place", JSON.stringify({ payments: SECRET }), "at `payments`"],
    ["an unknown field", JSON.stringify({ payments: { ...keys, apikey: SECRET } }), "at `payments.apikey`"],
    ["a key that is no text", JSON.stringify({ payments: { apiKey: [SECRET] } }), "at `payments.apiKey`"],
    [
      "a key that is an object",
      JSON.stringify({ payments: { apiKey: { secure: SECRET } } }),
      "at `payments.apiKey`",
    ],
    ["an id that is no UUID", JSON.stringify({ payments: { ...keys, id: SECRET } }), "at `payments.id`"],
    [
      "an unknown form of auth",
      JSON.stringify({ payments: { ...keys, auth: SECRET } }),
      "at `payments.auth`",
    ],
  ])("%s: the place is named, the value is not", (_, text, place) => {
    const error = refusal("payments", { config: { [ORGANIZATIONS]: text } });
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
    expect(refusal(undefined, { config: { [ORGANIZATIONS]: "{" }, env }).code).toBe("invalid-configuration");
  });
});

describe("names of organizations", () => {
  test.each(["constructor", "__proto__", "prototype", "hasOwnProperty"])(
    "%s keeps all that is configured for it",
    (name) => {
      const text = `{"${name}":{"apiKey":"a","appKey":"b","site":"datadoghq.eu","id":"${ID}","auth":"query"}}`;
      expect(resolve(name, { config: { [ORGANIZATIONS]: text } })).toMatchObject({
        ...keys,
        baseUrl: "https://api.datadoghq.eu",
        organizationId: ID.toLowerCase(),
        auth: "query",
      });
    },
  );

  test("__proto__ configured wrongly is an error too", () => {
    const error = refusal("payments", {
      config: { [ORGANIZATIONS]: `{"__proto__":{"apikey":"${SECRET}"}}` },
    });
    expect(error.message).toContain("at `__proto__.apikey`");
  });

  test.each([ID, ID.toLowerCase(), ` ${ID} `])(
    "%j has the form of a UUID: refused, whoever is asked for",
    (name) => {
      const config = { [ORGANIZATIONS]: { [name]: keys, payments: keys } };
      for (const source of ["payments", name, undefined]) {
        const error = refusal(source, { config, env: { DD_API_KEY: "a", DD_APP_KEY: "b" } });
        expect(error.code).toBe("invalid-configuration");
        expect(error.message).toContain(`"${name}"`);
        expect(error.message).toContain("could be taken for an organization's ID in a report or a policy");
      }
    },
  );

  test("with dots, brackets and quotation marks are written as `pulumi config set --path` takes them", () => {
    const config = { [ORGANIZATIONS]: { 'a.b["c"]': { apiKey: "a" } } };
    expect(refusal('a.b["c"]', { config }).message).toContain(
      String.raw`${ORGANIZATIONS}["a.b[\"c\"]"].appKey`,
    );
  });
});

describe("the default organization configured wrongly", () => {
  test.each([
    ["id", "not-a-uuid"],
    ["auth", "cookie"],
  ])("%s is named, its value is not", (name, value) => {
    const config = { [`${PACKAGE}:apiKey`]: "a", [`${PACKAGE}:appKey`]: "b", [`${PACKAGE}:${name}`]: value };
    const error = refusal(undefined, { config });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain(`${PACKAGE}:${name}`);
    expect(error.message).not.toContain(value);
  });
});

describe("a value that cannot be a key", () => {
  test.each<[string, string]>([
    ["a line break inside", `${SECRET}\nX-Header: 1`],
    ["a carriage return inside", `${SECRET}\rx`],
    ["a blank inside", `${SECRET} x`],
    ["a zero byte", `${SECRET}\0`],
    ["a sign outside ASCII", `${SECRET}é`],
    ["a delete sign", `${SECRET}\u007f`],
  ])("%s: refused, the setting named and the value not", (_, apiKey) => {
    const error = refusal("payments", named({ apiKey, appKey: "b" }));
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain(`${ORGANIZATIONS}.payments.apiKey`);
    expect(inspect(error, { depth: null })).not.toContain(SECRET);
  });

  test("blanks and a line break around a key are no part of it", () => {
    expect(resolve("payments", named({ apiKey: " a\n", appKey: "\tb " }))).toMatchObject(keys);
  });

  test("is refused in the application key too", () => {
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b b" };
    expect(refusal(undefined, { env }).message).toContain("DD_APP_KEY");
  });
});

describe("a configured id", () => {
  test("is handed on in lower case", () => {
    expect(resolve("payments", named({ ...keys, id: ID })).organizationId).toBe(ID.toLowerCase());
  });

  test("counts with keys from the environment too", () => {
    const env = { DD_API_KEY__PAYMENTS: "c", DD_APP_KEY__PAYMENTS: "d" };
    expect(resolve("payments", { ...named({ id: ID }), env })).toMatchObject({
      apiKey: "c",
      organizationId: ID.toLowerCase(),
    });
  });

  test("of the default organization is not a named one's", () => {
    const { config } = named(keys);
    const all = { ...config, [`${PACKAGE}:id`]: ID };
    expect(resolve("payments", { config: all })).not.toHaveProperty("organizationId");
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b" };
    expect(resolve(undefined, { config: all, env }).organizationId).toBe(ID.toLowerCase());
  });
});

describe("the form of authentication", () => {
  const env = { DD_API_KEY: "a", DD_APP_KEY: "b" };

  test("is headers unless somebody asks for the query", () => {
    expect(resolve("payments", named(keys)).auth).toBe("headers");
    expect(resolve("payments", named({ ...keys, auth: "query" })).auth).toBe("query");
    expect(resolve(undefined, { env, config: { [`${PACKAGE}:auth`]: "query" } }).auth).toBe("query");
  });

  test("of a named organization wins over the default's, which it falls back to", () => {
    const config = { [`${PACKAGE}:auth`]: "query" };
    expect(resolve("payments", { config: { ...named(keys).config, ...config } }).auth).toBe("query");
    const own = named({ ...keys, auth: "headers" }).config;
    expect(resolve("payments", { config: { ...own, ...config } }).auth).toBe("headers");
  });
});
