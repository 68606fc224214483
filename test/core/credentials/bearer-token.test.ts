/** A bearer token is a second kind of credentials: with the same precedence and addresses as keys, and never together with them. */
import { describe, expect, test } from "vitest";
import { formatIdentifier } from "../../../core/src/credentials/resolve.js";
import { catchRefusal, ORGANIZATIONS, PACKAGE, resolve, type Given } from "./harness.js";

const KEYS = { apiKey: "api", appKey: "app" };
const createConfig = (settings: object) => ({ [ORGANIZATIONS]: { payments: settings } });

/** The levels that may contain a token, highest precedence first. The token identifies its level. */
const forDefault: [string, Given][] = [
  ["DD_BEARER_TOKEN__DEFAULT", { env: { DD_BEARER_TOKEN__DEFAULT: "token-1" } }],
  [`stack configuration \`${PACKAGE}:bearerToken\``, { config: { [`${PACKAGE}:bearerToken`]: "token-2" } }],
  ["stack configuration `datadog:bearerToken`", { config: { "datadog:bearerToken": "token-3" } }],
  ["DD_BEARER_TOKEN", { env: { DD_BEARER_TOKEN: "token-4" } }],
  ["DATADOG_BEARER_TOKEN", { env: { DATADOG_BEARER_TOKEN: "token-5" } }],
];
const forName: [string, Given][] = [
  ["DD_BEARER_TOKEN__PAYMENTS", { env: { DD_BEARER_TOKEN__PAYMENTS: "token-1" } }],
  [
    `stack configuration \`${ORGANIZATIONS}.payments.bearerToken\``,
    { config: createConfig({ bearerToken: "token-2" }) },
  ],
];

describe.each<[string, string | undefined, [string, Given][]]>([
  ["the default organization", undefined, forDefault],
  ["a named organization", "payments", forName],
])("%s", (_, source, levels) => {
  test.each(levels.map(([setting], at) => [setting, at] as const))(
    "uses %s if no higher level has credentials",
    (setting, at) => {
      const rest = levels.slice(at).map(([, given]) => given);
      const given = {
        config: Object.assign({}, ...rest.map(({ config }) => config)) as Record<string, string>,
        env: Object.assign({}, ...rest.map(({ env }) => env)) as Record<string, string>,
      };
      const credentials = resolve(source, given);
      expect(credentials.authentication).toEqual({ kind: "token", token: `token-${at + 1}` });
      expect(credentials.credentialsFrom).toBe(setting);
      expect(credentials.fromConfig).toBe(setting.startsWith("stack"));
    },
  );
});

describe("keys and tokens of different levels", () => {
  const config = createConfig(KEYS);

  test("the higher level applies, whatever kind it has", () => {
    const token = resolve("payments", { config, env: { DD_BEARER_TOKEN__PAYMENTS: "token" } });
    expect(token.authentication).toEqual({ kind: "token", token: "token" });
    const env = { DD_API_KEY__PAYMENTS: "a", DD_APP_KEY__PAYMENTS: "b" };
    const keys = resolve("payments", { config: createConfig({ bearerToken: "token" }), env });
    expect(keys.authentication).toMatchObject({ kind: "keys", apiKey: "a" });
  });

  test("one key in the higher level is an error, as without the token below", () => {
    const env = { DD_API_KEY__PAYMENTS: "a" };
    const error = catchRefusal("payments", { config: createConfig({ bearerToken: "token" }), env });
    expect(error.code).toBe("credentials-missing");
  });

  test("a named organization never uses the default token", () => {
    const env = { DD_BEARER_TOKEN: "token", DD_BEARER_TOKEN__DEFAULT: "token" };
    expect(catchRefusal("payments", { env }).code).toBe("unknown-source");
    expect(catchRefusal("payments", { env, config: createConfig({}) }).code).toBe("credentials-missing");
  });
});

describe("a token and a key in one level are an error that names both", () => {
  test.each<[string, string | undefined, Given, string[]]>([
    [
      "of a name in the environment",
      "payments",
      { env: { DD_BEARER_TOKEN__PAYMENTS: "canary", DD_APP_KEY__PAYMENTS: "canary" } },
      ["DD_BEARER_TOKEN__PAYMENTS", "DD_APP_KEY__PAYMENTS"],
    ],
    [
      "of a name in the stack's configuration",
      "payments",
      { config: createConfig({ apiKey: "canary", appKey: "canary", bearerToken: "canary" }) },
      [`${ORGANIZATIONS}.payments.bearerToken`, `${ORGANIZATIONS}.payments.apiKey`],
    ],
    [
      "in the usual variables, in any of their forms",
      undefined,
      { env: { DATADOG_BEARER_TOKEN: "canary", DD_API_KEY: "canary" } },
      ["DATADOG_BEARER_TOKEN", "DD_API_KEY", "or set DD_BEARER_TOKEN__DEFAULT"],
    ],
  ])("%s", (_, source, given, names) => {
    const { code, message } = catchRefusal(source, given);
    expect(code).toBe("invalid-configuration");
    for (const name of names) expect(message).toContain(name);
    expect(message).not.toContain("canary");
  });

  test("but a variable with the name of the organization takes precedence over both", () => {
    const env = { DD_BEARER_TOKEN: "x", DD_API_KEY: "x", DD_BEARER_TOKEN__DEFAULT: "token" };
    expect(resolve(undefined, { env }).authentication).toEqual({ kind: "token", token: "token" });
  });

  test("and a blank token is not set", () => {
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b", DD_BEARER_TOKEN: " " };
    expect(resolve(undefined, { env }).authentication.kind).toBe("keys");
  });
});

describe("a token", () => {
  test.each(["Bearer canary", "canary\ncanary", "cänary", "canary\u0000"])("must not be %j", (token) => {
    const { code, message } = catchRefusal(undefined, { env: { DD_BEARER_TOKEN: token } });
    expect(code).toBe("invalid-configuration");
    expect(message).toContain("The value of DD_BEARER_TOKEN is not a valid bearer token");
    expect(message).not.toContain("nary");
  });

  test.each<[string, Record<string, string | object>]>([
    ["the organization's", createConfig({ bearerToken: "token", auth: "query" })],
    ["the default's", { ...createConfig({ bearerToken: "token" }), [`${PACKAGE}:auth`]: "query" }],
  ])("is never sent as a query parameter: %s `auth: query` is an error", (_, config) => {
    const { code, message } = catchRefusal("payments", { config });
    expect(code).toBe("invalid-configuration");
    expect(message).toMatch(/payments\.bearerToken.*`auth` is "query"/);
  });

  test("is sent despite the default's `auth: query` if the organization has `auth: headers`", () => {
    const config = {
      ...createConfig({ bearerToken: "token", auth: "headers" }),
      [`${PACKAGE}:auth`]: "query",
    };
    expect(resolve("payments", { config }).authentication.kind).toBe("token");
  });

  test("in the application key's place, alone: the error says where it belongs", () => {
    const { message } = catchRefusal(undefined, { env: { DD_APP_KEY: "ddsat_canary" } });
    expect(message).toContain("set DD_BEARER_TOKEN to it, and unset DD_APP_KEY");
    expect(message).not.toContain("canary");
  });

  test("of the environment is not sent to an address from the stack's configuration", () => {
    const env = { DD_BEARER_TOKEN__PAYMENTS: "canary" };
    const config = createConfig({ url: "https://evil.example" });
    const { code, message } = catchRefusal("payments", { env, config });
    expect(code).toBe("invalid-configuration");
    expect(message).toContain("the credentials come from DD_BEARER_TOKEN__PAYMENTS.");
    expect(message).not.toContain("canary");
  });

  test("of the stack's configuration is not sent to an address from the environment", () => {
    const env = { DD_HOST__PAYMENTS: "https://evil.example" };
    const { code } = catchRefusal("payments", { env, config: createConfig({ bearerToken: "canary" }) });
    expect(code).toBe("invalid-configuration");
  });

  test("may be sent to Datadog's own sites from any place", () => {
    const given = {
      env: { DD_BEARER_TOKEN__PAYMENTS: "x" },
      config: createConfig({ site: "us5.datadoghq.com" }),
    };
    expect(resolve("payments", given).baseUrl).toBe("https://api.us5.datadoghq.com");
  });

  test("is overridden by the variable that the hint about rotated credentials names", () => {
    const { overrideVariables } = resolve("payments", { config: createConfig({ bearerToken: "x" }) });
    expect(overrideVariables).toBe("DD_BEARER_TOKEN__PAYMENTS");
  });
});

test("missing credentials: the error offers a token too, the usual variable first", () => {
  expect(catchRefusal(undefined, {}).advice).toMatch(
    /Or set a bearer token in their place: DD_BEARER_TOKEN or .* or DD_BEARER_TOKEN__DEFAULT\./,
  );
});

test("the identifier differs by token, address and kind, and is equal for equal credentials", () => {
  const identify = (settings: object) =>
    formatIdentifier(resolve("payments", { config: createConfig(settings) }));
  const token = identify({ bearerToken: "one" });
  expect(identify({ bearerToken: "one", id: "aaaaaaaa-0003-4000-8000-000000000003" })).toBe(token);
  const others = [
    identify({ bearerToken: "two" }),
    identify({ bearerToken: "one", site: "datadoghq.eu" }),
    identify({ apiKey: "one", appKey: "one" }),
    identify({ apiKey: "one", appKey: "two" }),
  ];
  expect(new Set([token, ...others]).size).toBe(5);
});
