/** A workload identity is a third kind of credentials: never mixed with the others, and only for the organization with its `id`. */
import { describe, expect, test } from "vitest";
import { catchRefusal, ORGANIZATIONS, PACKAGE, resolve, type Given } from "./harness.js";

const ID = "aaaaaaaa-0003-4000-8000-000000000003";
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const createConfig = (payments: object, more: Record<string, string | object> = {}) => ({
  [ORGANIZATIONS]: { payments },
  ...more,
});
const merge = (all: readonly Given[]): Given => ({
  config: Object.assign({}, ...all.map(({ config }) => config)) as Record<string, string>,
  env: Object.assign({}, ...all.map(({ env }) => env)) as Record<string, string>,
});

/** The levels that may contain an identity, highest precedence first. The type identifies the level. */
const forDefault: [string, string, Given][] = [
  ["DD_CLOUD_PROVIDER_TYPE__DEFAULT", "aws", { env: { DD_CLOUD_PROVIDER_TYPE__DEFAULT: "aws" } }],
  [
    `stack configuration \`${PACKAGE}:identity\``,
    "gcp",
    { config: { [`${PACKAGE}:identity`]: { type: "gcp" } } },
  ],
  [
    "stack configuration `datadog:cloudProviderType`",
    "azure",
    { config: { "datadog:cloudProviderType": "azure" } },
  ],
  ["DD_CLOUD_PROVIDER_TYPE", "github", { env: { DD_CLOUD_PROVIDER_TYPE: "github" } }],
  ["DATADOG_CLOUD_PROVIDER_TYPE", "oidc", { env: { DATADOG_CLOUD_PROVIDER_TYPE: "oidc" } }],
];
const forName: [string, string, Given][] = [
  ["DD_CLOUD_PROVIDER_TYPE__PAYMENTS", "aws", { env: { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "aws" } }],
  [
    `stack configuration \`${ORGANIZATIONS}.payments.identity\``,
    "hcp",
    { config: createConfig({ identity: { type: "hcp" } }) },
  ],
];

describe.each<[string, string | undefined, [string, string, Given][], Given]>([
  ["the default organization", undefined, forDefault, { env: { DD_ORG_UUID__DEFAULT: ID } }],
  ["a named organization", "payments", forName, { env: { DD_ORG_UUID__PAYMENTS: ID } }],
])("%s", (_, source, levels, id) => {
  test.each(levels.map(([setting, type], at) => [setting, type, at] as const))(
    "uses %s if no higher level has credentials",
    (setting, type, at) => {
      const credentials = resolve(source, merge([...levels.slice(at).map(([, , given]) => given), id]));
      expect(credentials).toMatchObject({
        authentication: { kind: "identity", identity: { type }, organizationId: ID },
        organizationId: ID,
        credentialsFrom: setting,
        fromConfig: false,
      });
    },
  );
});

describe("an identity and other credentials of different levels", () => {
  test("the higher level applies, whatever kind it has", () => {
    const keys = createConfig({ apiKey: "a", appKey: "b", id: ID });
    const env = { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "github" };
    expect(resolve("payments", { config: keys, env }).authentication.kind).toBe("identity");
    const identity = createConfig({ identity: { type: "github" }, id: ID });
    const token = resolve("payments", { config: identity, env: { DD_BEARER_TOKEN__PAYMENTS: "token" } });
    expect(token.authentication.kind).toBe("token");
  });

  test("one key in the higher level is an error, as without the identity below", () => {
    const config = createConfig({ identity: { type: "github" }, id: ID });
    expect(catchRefusal("payments", { config, env: { DD_API_KEY__PAYMENTS: "a" } }).code).toBe(
      "credentials-missing",
    );
  });
});

describe("an identity and other credentials in one level are an error that names both", () => {
  test.each<[string, string | undefined, Given, string]>([
    [
      "a token of a name",
      "payments",
      {
        config: createConfig({ id: ID }),
        env: { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "aws", DD_BEARER_TOKEN__PAYMENTS: "canary" },
      },
      'Both a workload identity and a bearer token are set for organization "payments": ' +
        "DD_CLOUD_PROVIDER_TYPE__PAYMENTS and DD_BEARER_TOKEN__PAYMENTS. Unset one of them.",
    ],
    [
      "a key in the stack's configuration",
      "payments",
      { config: createConfig({ id: ID, identity: { type: "aws" }, appKey: "canary" }) },
      `Both a workload identity and a key are set for organization "payments": stack configuration ` +
        `\`${ORGANIZATIONS}.payments.identity\` and stack configuration \`${ORGANIZATIONS}.payments.appKey\`. Unset one of ` +
        "them, or set DD_CLOUD_PROVIDER_TYPE__PAYMENTS, which takes precedence over both.",
    ],
    [
      "a key in the usual variables, in any of their forms",
      undefined,
      { env: { DATADOG_CLOUD_PROVIDER_TYPE: "aws", DD_ORG_UUID: ID, DATADOG_API_KEY: "canary" } },
      "DATADOG_CLOUD_PROVIDER_TYPE and DATADOG_API_KEY. Unset one of them, or set DD_CLOUD_PROVIDER_TYPE__DEFAULT",
    ],
  ])("%s", (_, source, given, text) => {
    const { code, message } = catchRefusal(source, given);
    expect(code).toBe("invalid-configuration");
    expect(message).toContain(text);
    expect(message).not.toContain("canary");
  });

  test("in the arguments of a provider: no variable takes precedence", () => {
    const config = createConfig({ id: ID, identity: { type: "aws" }, appKey: "canary" });
    expect(catchRefusal("payments", { config, providerName: "eu" }).advice).toBe("Unset one of them.");
  });

  test("but a blank one is not set", () => {
    const env = { DD_API_KEY: "a", DD_APP_KEY: "b", DD_CLOUD_PROVIDER_TYPE: " " };
    expect(resolve(undefined, { env }).authentication.kind).toBe("keys");
  });
});

describe("an identity", () => {
  const options = { type: "oidc", tokenFile: "/var/run/token" };

  test("has its options from the configuration, of the default organization too", () => {
    const named = resolve("payments", { config: createConfig({ identity: options, id: ID }) });
    expect(named.authentication).toEqual({ kind: "identity", identity: options, organizationId: ID });
    const config = { [`${PACKAGE}:identity`]: options, [`${PACKAGE}:id`]: ID.toUpperCase() };
    expect(resolve(undefined, { config }).authentication).toEqual(named.authentication);
  });

  test.each<[string, object]>([
    ["aws", { type: "aws", region: "us-gov-west-1" }],
    ["azure", { type: "azure" }],
  ])("has the region of the Datadog provider only for AWS: %s", (type, identity) => {
    const config = {
      "datadog:cloudProviderType": type,
      "datadog:cloudProviderRegion": "us-gov-west-1",
      "datadog:orgUuid": ID,
    };
    expect(resolve(undefined, { config }).authentication).toMatchObject({ identity, organizationId: ID });
  });

  test.each<[string, string | undefined, Given]>([
    ["DD_CLOUD_PROVIDER_TYPE", undefined, { env: { DD_CLOUD_PROVIDER_TYPE: "canary", DD_ORG_UUID: ID } }],
    [
      "DD_CLOUD_PROVIDER_TYPE__PAYMENTS",
      "payments",
      { env: { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "canary", DD_ORG_UUID__PAYMENTS: ID } },
    ],
    [
      "stack configuration `datadog:cloudProviderType`",
      undefined,
      { config: { "datadog:cloudProviderType": "canary", "datadog:orgUuid": ID } },
    ],
  ])("of an unknown type in %s is an error that lists the types", (setting, source, given) => {
    const { code, message } = catchRefusal(source, given);
    expect(code).toBe("invalid-configuration");
    expect(message).toContain(
      `(${setting}) is invalid at \`type\`: it must be one of aws, azure, gcp, github, hcp, oidc.`,
    );
    expect(message).not.toContain("canary");
  });

  test("of an unknown type does not matter if a higher level has other credentials", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE: "x", DD_BEARER_TOKEN__DEFAULT: "token" };
    expect(resolve(undefined, { env }).authentication.kind).toBe("token");
  });

  test("is never sent as a query parameter: `auth: query` is an error", () => {
    const config = createConfig({ identity: { type: "aws" }, id: ID, auth: "query" });
    const { code, message } = catchRefusal("payments", { config });
    expect(code).toBe("invalid-configuration");
    expect(message).toMatch(/The workload identity of .*payments\.identity.*`auth` is "query"/);
  });

  test("has what its proof is read from: the environment, and the suffix of its variables", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE__PAYMENTS_EU: "oidc", DD_ORG_UUID__PAYMENTS_EU: ID };
    expect(resolve("payments-eu", { env })).toMatchObject({ suffix: "PAYMENTS_EU", env });
    expect(resolve(undefined, { env: { DD_BEARER_TOKEN: "x" } }).suffix).toBe("DEFAULT");
  });

  test("is overridden by the variable that messages name", () => {
    const config = createConfig({ identity: { type: "aws" }, id: ID });
    expect(resolve("payments", { config }).overrideVariables).toBe("DD_CLOUD_PROVIDER_TYPE__PAYMENTS");
  });
});

describe("the identity for all organizations", () => {
  const topLevel: [string, Given][] = [
    [
      `stack configuration \`${PACKAGE}:identity\``,
      { config: { [`${PACKAGE}:identity`]: { type: "github" } } },
    ],
    ["DD_CLOUD_PROVIDER_TYPE", { env: { DD_CLOUD_PROVIDER_TYPE: "github" } }],
    ["DATADOG_CLOUD_PROVIDER_TYPE", { env: { DATADOG_CLOUD_PROVIDER_TYPE: "github" } }],
  ];

  test.each(topLevel)(
    "in %s serves a named organization with an id in the configuration",
    (setting, given) => {
      const all = merge([given, { config: createConfig({ id: ID }) }, { env: { DD_ORG_UUID: HUB } }]);
      expect(resolve("payments", all)).toMatchObject({
        authentication: { kind: "identity", identity: { type: "github" }, organizationId: ID },
        credentialsFrom: setting,
        fromConfig: false,
        suffix: "PAYMENTS",
      });
    },
  );

  test.each(topLevel)("in %s serves a named organization with an id in the environment only", (_, given) => {
    const all = merge([given, { env: { DD_ORG_UUID__PAYMENTS: ID } }]);
    expect(resolve("payments", all).authentication).toMatchObject({ kind: "identity", organizationId: ID });
  });

  test("of the stack's configuration precedes that of the usual variables", () => {
    const all = merge([
      { config: { [`${PACKAGE}:identity`]: { type: "hcp", tag: "PROD" } } },
      { env: { DD_CLOUD_PROVIDER_TYPE: "github", DD_ORG_UUID__PAYMENTS: ID } },
    ]);
    expect(resolve("payments", all).authentication).toMatchObject({ identity: { type: "hcp", tag: "PROD" } });
  });

  test.each<[string, Given]>([
    ["keys", { env: { DD_API_KEY__PAYMENTS: "a", DD_APP_KEY__PAYMENTS: "b" } }],
    ["token", { config: createConfig({ id: ID, bearerToken: "x" }) }],
  ])("does not serve an organization with credentials of its own: %s", (kind, own) => {
    const all = merge([topLevel[1]?.[1] ?? {}, { config: createConfig({ id: ID }) }, own]);
    expect(resolve("payments", all).authentication.kind).toBe(kind);
  });

  test("does not serve an organization with one key: an error, as without the identity", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE: "github", DD_API_KEY__PAYMENTS: "a" };
    expect(catchRefusal("payments", { env, config: createConfig({ id: ID }) }).code).toBe(
      "credentials-missing",
    );
  });

  test.each<[string, Given]>([
    ["DD_CLOUD_PROVIDER_TYPE__DEFAULT", { env: { DD_CLOUD_PROVIDER_TYPE__DEFAULT: "github" } }],
    ["the Datadog provider's configuration", { config: { "datadog:cloudProviderType": "aws" } }],
  ])("is not in %s, which is only for the default organization", (_, given) => {
    const all = merge([given, { env: { DD_ORG_UUID: HUB } }, { config: createConfig({ id: ID }) }]);
    expect(catchRefusal("payments", all).code).toBe("credentials-missing");
  });

  test("is the only one of the default organization's credentials that an organization with an id uses", () => {
    const config = createConfig(
      { id: ID },
      {
        [`${PACKAGE}:bearerToken`]: "x",
        "datadog:apiKey": "x",
        "datadog:appKey": "x",
        "datadog:bearerToken": "x",
      },
    );
    const env = { DD_API_KEY: "x", DD_APP_KEY: "x", DD_BEARER_TOKEN: "x", DD_BEARER_TOKEN__DEFAULT: "x" };
    expect(catchRefusal("payments", { config, env }).code).toBe("credentials-missing");
    const identity = resolve("payments", { config, env: { ...env, DD_CLOUD_PROVIDER_TYPE: "github" } });
    expect(identity.authentication).toEqual({
      kind: "identity",
      identity: { type: "github" },
      organizationId: ID,
    });
  });

  test("of an unknown type is an error of the named organization too", () => {
    const env = { DD_CLOUD_PROVIDER_TYPE: "x", DD_ORG_UUID__PAYMENTS: ID };
    expect(catchRefusal("payments", { env }).code).toBe("invalid-configuration");
  });
});
