import { describe, expect, test } from "vitest";
import { ORGANIZATIONS, PACKAGE, catchRefusal, resolveKeys, type Given } from "./harness.js";

/** Every level that can contain keys, highest precedence first. The keys identify their level. */
const forDefault: [string, Given][] = [
  ["the environment of the default", { env: { DD_API_KEY__DEFAULT: "api-1", DD_APP_KEY__DEFAULT: "app-1" } }],
  [
    "this package's configuration",
    { config: { [`${PACKAGE}:apiKey`]: "api-2", [`${PACKAGE}:appKey`]: "app-2" } },
  ],
  [
    "the Datadog provider's configuration",
    { config: { "datadog:apiKey": "api-3", "datadog:appKey": "app-3" } },
  ],
  ["DD_ variables", { env: { DD_API_KEY: "api-4", DD_APP_KEY: "app-4" } }],
  ["DATADOG_ variables", { env: { DATADOG_API_KEY: "api-5", DATADOG_APP_KEY: "app-5" } }],
];
const forName: [string, Given][] = [
  [
    "the environment of the name",
    { env: { DD_API_KEY__PAYMENTS_PROD: "api-1", DD_APP_KEY__PAYMENTS_PROD: "app-1" } },
  ],
  [
    "the stack's configuration of the name",
    { config: { [ORGANIZATIONS]: { "payments-prod": { apiKey: "api-2", appKey: "app-2" } } } },
  ],
];

function merge(levels: [string, Given][]): Given {
  return {
    config: Object.assign({}, ...levels.map(([, { config }]) => config)) as Record<string, string | object>,
    env: Object.assign({}, ...levels.map(([, { env }]) => env)) as Record<string, string>,
  };
}

describe.each([
  ["the default organization", undefined, forDefault],
  ["a named organization", "payments-prod", forName],
])("%s", (_, source, levels) => {
  test.each(levels.map(([what], at) => [what, at] as const))(
    "takes its keys from %s if no higher level has any",
    (__, at) => {
      const { apiKey, appKey } = resolveKeys(source, merge(levels.slice(at)));
      expect([apiKey, appKey]).toEqual([`api-${at + 1}`, `app-${at + 1}`]);
    },
  );

  test.each(levels.map(([what], at) => [what, at] as const))("needs only %s", (__, at) => {
    expect(resolveKeys(source, merge(levels.slice(at, at + 1))).apiKey).toBe(`api-${at + 1}`);
  });
});

describe("both keys come from one level", () => {
  test.each<[string, string | undefined, Given, string, string]>([
    [
      "the environment of a name",
      "payments",
      {
        env: { DD_API_KEY__PAYMENTS: "half-key" },
        config: { [ORGANIZATIONS]: { payments: { apiKey: "a", appKey: "b" } } },
      },
      "DD_API_KEY__PAYMENTS",
      "DD_APP_KEY__PAYMENTS",
    ],
    [
      "the stack's configuration of a name",
      "payments",
      { config: { [ORGANIZATIONS]: { payments: { appKey: "half-key" } } } },
      `${ORGANIZATIONS}.payments.appKey`,
      `${ORGANIZATIONS}.payments.apiKey`,
    ],
    [
      "the environment of the default",
      undefined,
      { env: { DD_APP_KEY__DEFAULT: "half-key", DD_API_KEY: "a", DD_APP_KEY: "b" } },
      "DD_APP_KEY__DEFAULT",
      "DD_API_KEY__DEFAULT",
    ],
    [
      "this package's configuration",
      undefined,
      { config: { [`${PACKAGE}:apiKey`]: "half-key", "datadog:apiKey": "a", "datadog:appKey": "b" } },
      `${PACKAGE}:apiKey`,
      `${PACKAGE}:appKey`,
    ],
    [
      "the Datadog provider's configuration",
      undefined,
      { config: { "datadog:apiKey": "half-key" }, env: { DD_API_KEY: "a", DD_APP_KEY: "b" } },
      "datadog:apiKey",
      "datadog:appKey",
    ],
    ["the plain environment", undefined, { env: { DD_API_KEY: "half-key" } }, "DD_API_KEY", "DD_APP_KEY"],
  ])("so one key in %s is an error that names both settings", (_, source, given, set, missing) => {
    const error = catchRefusal(source, given);
    expect(error.code).toBe("credentials-missing");
    expect(error.message).toMatch(new RegExp(`${set.replaceAll(".", "\\.")}\`? is set`));
    expect(error.message).toMatch(new RegExp(`${missing.replaceAll(".", "\\.")}\`? is not`));
    expect(error.message).not.toContain("half-key");
  });

  test("an empty or blank value is not set", () => {
    const given = {
      env: { DD_API_KEY__DEFAULT: "", DD_APP_KEY__DEFAULT: "  ", DD_API_KEY: "a", DD_APP_KEY: "b" },
    };
    expect(resolveKeys(undefined, given).apiKey).toBe("a");
    expect(catchRefusal(undefined, { env: { DD_API_KEY: "a", DD_APP_KEY: " " } }).code).toBe(
      "credentials-missing",
    );
  });

  test("DD_ and DATADOG_ names are one level", () => {
    expect(resolveKeys(undefined, { env: { DD_API_KEY: "a", DATADOG_APP_KEY: "b" } })).toMatchObject({
      apiKey: "a",
      appKey: "b",
      credentialsFrom: "DD_API_KEY and DATADOG_APP_KEY",
    });
  });
});

describe("a named organization never falls back to the default keys", () => {
  const defaults = merge(forDefault);

  test("if it is in the configuration without keys", () => {
    const config = { ...defaults.config, [ORGANIZATIONS]: { payments: { site: "datadoghq.eu" } } };
    const error = catchRefusal("payments", { ...defaults, config });
    expect(error.code).toBe("credentials-missing");
    expect(error.message).toContain("DD_API_KEY__PAYMENTS and DD_APP_KEY__PAYMENTS");
    expect(error.message).toContain(`${ORGANIZATIONS}.payments.apiKey`);
  });

  test("if it is unknown", () => {
    expect(catchRefusal("payments", defaults).code).toBe("unknown-source");
  });

  test.each(["constructor", "toString", "__proto__"])("if it is called %s", (name) => {
    expect(catchRefusal(name, defaults).code).toBe("unknown-source");
  });
});

describe("an unknown source", () => {
  test("reports the names in the configuration and the environment, sorted, with a similar one", () => {
    const organizations = { search: { apiKey: "a", appKey: "b" }, checkout: {} };
    const env = { DD_API_KEY__TEAM_01: "a", DD_APP_KEY__TEAM_01: "b", DD_ORG_UUID__SEARCH: "c" };
    const error = catchRefusal("serach", { config: { [ORGANIZATIONS]: organizations }, env });
    expect(error).toMatchObject({ code: "unknown-source", facts: { property: "source" } });
    expect(error.happened).toContain('"serach"');
    expect(error.happened).toContain("(known: checkout, search, team-01)");
    expect(error.advice).toBe('Did you mean "search"?');
    const other = catchRefusal("billing", { config: { [ORGANIZATIONS]: organizations } });
    expect(other.advice).toMatch(/^Correct `source`, or set /);
  });

  test("reports that no name is configured", () => {
    expect(catchRefusal("payments", {}).message).toContain("(none are configured)");
  });

  test("needs no entry in the configuration if the environment has its keys", () => {
    const env = { DD_API_KEY__PAYMENTS: "a", DD_APP_KEY__PAYMENTS: "b" };
    expect(resolveKeys("payments", { env })).toMatchObject({ source: "payments", apiKey: "a" });
  });
});

describe("missing default keys", () => {
  test("are an error that names every setting", () => {
    const { code, message } = catchRefusal(undefined, {});
    expect(code).toBe("credentials-missing");
    for (const setting of [
      "DD_API_KEY__DEFAULT",
      `${PACKAGE}:apiKey`,
      "datadog:apiKey",
      "DD_API_KEY and DD_APP_KEY",
    ]) {
      expect(message).toContain(setting);
    }
    expect(message).toContain("--secret");
  });

  test("name the usual variables first, and those with a suffix last", () => {
    const { advice } = catchRefusal(undefined, {});
    expect(advice).toMatch(
      /^Set DD_API_KEY and DD_APP_KEY; or .*; or DD_API_KEY__DEFAULT and DD_APP_KEY__DEFAULT\./,
    );
  });

  test("of a named organization: its configuration first, then the variables", () => {
    for (const config of [{}, { [ORGANIZATIONS]: { payments: {} } }]) {
      expect(catchRefusal("payments", { config }).advice).toMatch(
        /[sS]et stack configuration `[^`]*payments\.apiKey` and [^;]*; or DD_API_KEY__PAYMENTS and DD_APP_KEY__PAYMENTS\. Or set a bearer token in their place: stack configuration `[^`]*payments\.bearerToken` or DD_BEARER_TOKEN__PAYMENTS\. Or use a workload identity, [^`]*`[^`]*payments\.identity` and stack configuration `[^`]*payments\.id`\.$/,
      );
    }
  });
});

describe("the credentials for messages", () => {
  test.each<[string, string | undefined, Given, boolean, string]>([
    [
      "the environment of a name",
      "payments-prod",
      merge(forName.slice(0, 1)),
      false,
      "DD_API_KEY__PAYMENTS_PROD",
    ],
    [
      "its configuration",
      "payments-prod",
      merge(forName.slice(1)),
      true,
      `${ORGANIZATIONS}.payments-prod.apiKey`,
    ],
    [
      "the environment of the default",
      undefined,
      merge(forDefault.slice(0, 1)),
      false,
      "DD_API_KEY__DEFAULT",
    ],
    ["this package's configuration", undefined, merge(forDefault.slice(1, 2)), true, `${PACKAGE}:apiKey`],
    [
      "the Datadog provider's configuration",
      undefined,
      merge(forDefault.slice(2, 3)),
      true,
      "datadog:apiKey",
    ],
    ["DD_ variables", undefined, merge(forDefault.slice(3, 4)), false, "DD_API_KEY"],
    ["DATADOG_ variables", undefined, merge(forDefault.slice(4)), false, "DATADOG_API_KEY"],
  ])(
    "with %s: the settings of the keys, and whether they are in the stack's configuration",
    (_, source, given, fromConfig, setting) => {
      const credentials = resolveKeys(source, given);
      expect(credentials.fromConfig).toBe(fromConfig);
      expect(credentials.credentialsFrom).toContain(setting);
      expect(credentials.credentialsFrom).not.toMatch(/api-\d|app-\d/);
    },
  );

  test("the variables with the highest precedence", () => {
    expect(resolveKeys("payments-prod", merge(forName)).overrideVariables).toBe(
      "DD_API_KEY__PAYMENTS_PROD and DD_APP_KEY__PAYMENTS_PROD",
    );
    expect(resolveKeys(undefined, merge(forDefault)).overrideVariables).toBe(
      "DD_API_KEY__DEFAULT and DD_APP_KEY__DEFAULT",
    );
  });

  test("the name of the organization", () => {
    expect(resolveKeys("payments-prod", merge(forName)).label).toBe('organization "payments-prod"');
    expect(resolveKeys(undefined, merge(forDefault))).not.toHaveProperty("source");
    expect(resolveKeys(undefined, merge(forDefault)).label).toBe("the default organization");
  });
});

describe("two names that map to the same variables", () => {
  const organizations = {
    "payments-prod": { apiKey: "a", appKey: "b" },
    payments_prod: { apiKey: "c", appKey: "d" },
  };

  test.each(["payments-prod", "payments_prod", "PAYMENTS.PROD"])("are an error for %s", (name) => {
    const error = catchRefusal(name, { config: { [ORGANIZATIONS]: organizations } });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toContain("DD_API_KEY__PAYMENTS_PROD");
    expect(error.message).toContain(`"${name}"`);
  });

  test("do not affect a third", () => {
    const all = { ...organizations, search: { apiKey: "e", appKey: "f" } };
    expect(resolveKeys("search", { config: { [ORGANIZATIONS]: all } }).apiKey).toBe("e");
  });

  test("are an error if one of them is called default", () => {
    const config = {
      [ORGANIZATIONS]: { Default: { apiKey: "a", appKey: "b" } },
      ...merge(forDefault).config,
    };
    for (const source of ["Default", undefined]) {
      const error = catchRefusal(source, { config });
      expect(error.code).toBe("invalid-configuration");
      expect(error.message).toContain("the default organization");
    }
  });
});
