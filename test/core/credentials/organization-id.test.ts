/** The `id` of an organization: required with an identity, in the configuration or in the environment, and never two different ones. */
import { describe, expect, test } from "vitest";
import { catchRefusal, ORGANIZATIONS, PACKAGE, resolve, type Given } from "./harness.js";

const ID = "aaaaaaaa-0003-4000-8000-000000000003";
const OTHER = "aaaaaaaa-0004-4000-8000-000000000004";
const github = { type: "github" };
const createConfig = (payments: object) => ({ [ORGANIZATIONS]: { payments } });

describe("an organization with an identity and without an id is an error that says how to set it", () => {
  test.each<[string, string | undefined, Given, string[]]>([
    [
      "a named one, declared in the configuration",
      "payments",
      { config: createConfig({ identity: github }), env: { DD_ORG_UUID: ID, DATADOG_ORG_UUID: ID } },
      [
        `The id of organization "payments" is not set, but its workload identity (stack configuration \`${ORGANIZATIONS}.payments.identity\`)`,
        `Run \`pulumi config set --path '${ORGANIZATIONS}.payments.id'\` with the UUID of the organization, or set DD_ORG_UUID__PAYMENTS to it.`,
      ],
    ],
    [
      "a named one, declared in the environment",
      "payments",
      { env: { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "github" }, config: { [`${PACKAGE}:id`]: ID } },
      ["(DD_CLOUD_PROVIDER_TYPE__PAYMENTS)", "or set DD_ORG_UUID__PAYMENTS to it."],
    ],
    [
      "the default one",
      undefined,
      { config: { [`${PACKAGE}:identity`]: github }, env: { DD_API_KEY: "a", DD_APP_KEY: "b" } },
      [
        "The id of the default organization is not set",
        `Run \`pulumi config set '${PACKAGE}:id'\` with the UUID of the organization, or set DD_ORG_UUID or DD_ORG_UUID__DEFAULT to it.`,
        "If this identity is only for the named organizations, set the credentials of the default organization in variables with the suffix __DEFAULT.",
      ],
    ],
  ])("%s", (_, source, given, parts) => {
    const { code, message } = catchRefusal(source, given);
    expect(code).toBe("invalid-configuration");
    for (const part of parts) expect(message).toContain(part);
  });

  test.each([
    ["payments", { [ORGANIZATIONS]: { payments: { identity: github } } }, "organizations.payments.id"],
    [undefined, { [`${PACKAGE}:identity`]: github }, "id"],
  ])("%s, in the arguments of a provider: the argument, and no variable", (source, config, argument) => {
    const { code, advice } = catchRefusal(source, { config, providerName: "eu" });
    expect(code).toBe("invalid-configuration");
    expect(advice).toBe(`Set the argument \`${argument}\` of provider "eu" to the UUID of the organization.`);
  });

  test("the advice for the default organization works", () => {
    const config = { [`${PACKAGE}:identity`]: github };
    const env = { DD_API_KEY__DEFAULT: "a", DD_APP_KEY__DEFAULT: "b" };
    expect(resolve(undefined, { config, env }).authentication.kind).toBe("keys");
  });
});

describe("an organization that only lacks an id to use the identity for all organizations", () => {
  const env = { DD_CLOUD_PROVIDER_TYPE: "github" };

  test.each<[string, Given, string]>([
    ["is without credentials", { env, config: createConfig({}) }, "credentials-missing"],
    ["is unknown, because its name may be misspelled", { env }, "unknown-source"],
  ])("%s", (_, given, code) => {
    const error = catchRefusal("payments", given);
    expect(error.code).toBe(code);
    expect(error.advice).toContain(
      `et stack configuration \`${ORGANIZATIONS}.payments.id\` or DD_ORG_UUID__PAYMENTS to the UUID of the organization: ` +
        `then it uses the workload identity that serves all organizations (DD_CLOUD_PROVIDER_TYPE). Or set `,
    );
  });

  test("has no such advice without an identity for all organizations", () => {
    const { advice } = catchRefusal("payments", { config: createConfig({}) });
    expect(advice).not.toContain("for all organizations");
    expect(advice).toContain(
      `Or use a workload identity, which needs no stored secret: set stack configuration ` +
        `\`${ORGANIZATIONS}.payments.identity\` and stack configuration \`${ORGANIZATIONS}.payments.id\`.`,
    );
    expect(catchRefusal(undefined, {}).advice).toContain("set DD_CLOUD_PROVIDER_TYPE and DD_ORG_UUID.");
  });
});

describe("the id of the default organization's identity", () => {
  test.each<[string, Given]>([
    ["DD_ORG_UUID__DEFAULT", { env: { DD_ORG_UUID__DEFAULT: ID } }],
    [`${PACKAGE}:id`, { config: { [`${PACKAGE}:id`]: ID } }],
    ["datadog:orgUuid", { config: { "datadog:orgUuid": ID } }],
    ["DD_ORG_UUID", { env: { DD_ORG_UUID: ` ${ID.toUpperCase()}\n` } }],
    ["DATADOG_ORG_UUID", { env: { DATADOG_ORG_UUID: ID } }],
  ])("may be in %s, whatever level the identity has", (_, { config = {}, env = {} }) => {
    const inEnvironment = { config, env: { ...env, DD_CLOUD_PROVIDER_TYPE: "github" } };
    const inStack = { config: { ...config, [`${PACKAGE}:identity`]: github }, env };
    for (const given of [inEnvironment, inStack]) {
      expect(resolve(undefined, given)).toMatchObject({
        authentication: { organizationId: ID },
        organizationId: ID,
      });
    }
  });
});

describe("two different ids of one organization are an error that names both settings", () => {
  const defaultIdentity = { DD_CLOUD_PROVIDER_TYPE: "github" };

  test.each<[string, string | undefined, Given, string, string]>([
    [
      "of a name, with an identity",
      "payments",
      {
        config: createConfig({ id: ID, identity: github }),
        env: { DD_ORG_UUID__PAYMENTS: OTHER },
      },
      "DD_ORG_UUID__PAYMENTS",
      `stack configuration \`${ORGANIZATIONS}.payments.id\``,
    ],
    [
      "of a name, with keys",
      "payments",
      { config: createConfig({ id: ID, apiKey: "a", appKey: "b" }), env: { DD_ORG_UUID__PAYMENTS: OTHER } },
      "DD_ORG_UUID__PAYMENTS",
      `stack configuration \`${ORGANIZATIONS}.payments.id\``,
    ],
    [
      "of a name that the identity for all organizations serves",
      "payments",
      { config: createConfig({ id: ID }), env: { ...defaultIdentity, DD_ORG_UUID__PAYMENTS: OTHER } },
      "DD_ORG_UUID__PAYMENTS",
      `stack configuration \`${ORGANIZATIONS}.payments.id\``,
    ],
    [
      "of the default organization",
      undefined,
      { config: { [`${PACKAGE}:id`]: ID }, env: { ...defaultIdentity, DD_ORG_UUID: OTHER } },
      `stack configuration \`${PACKAGE}:id\``,
      "DD_ORG_UUID",
    ],
    [
      "of the default organization, by the Datadog provider's names",
      undefined,
      { config: { "datadog:orgUuid": ID }, env: { ...defaultIdentity, DD_ORG_UUID: OTHER } },
      "stack configuration `datadog:orgUuid`",
      "DD_ORG_UUID",
    ],
  ])("%s", (_, source, given, one, other) => {
    const { code, message } = catchRefusal(source, given);
    expect(code).toBe("invalid-configuration");
    expect(message).toContain(`Two different ids are set for`);
    expect(message).toContain(`: ${one} and ${other}.`);
  });

  test("but the same id may be set twice, in any case", () => {
    const config = createConfig({ id: ID.toUpperCase(), identity: github });
    const env = { DD_ORG_UUID__PAYMENTS: ID };
    expect(resolve("payments", { config, env }).organizationId).toBe(ID);
  });
});

describe("an id in the environment", () => {
  const keys = { DD_API_KEY: "a", DD_APP_KEY: "b", DD_API_KEY__PAYMENTS: "c", DD_APP_KEY__PAYMENTS: "d" };

  test.each<[string, string | undefined]>([
    ["DD_ORG_UUID__PAYMENTS", "payments"],
    ["DD_ORG_UUID__DEFAULT", undefined],
  ])("in %s is that of keys too", (variable, source) => {
    expect(resolve(source, { env: { ...keys, [variable]: ID } }).organizationId).toBe(ID);
  });

  test.each<Given>([
    { env: { DD_ORG_UUID: ID } },
    { env: { DATADOG_ORG_UUID: ID } },
    { config: { "datadog:orgUuid": ID } },
  ])("in a setting of other tools (%j) is only that of an identity", ({ config = {}, env = {} }) => {
    expect(resolve(undefined, { config, env: { ...env, ...keys } })).not.toHaveProperty("organizationId");
    expect(resolve("payments", { config, env: { ...env, ...keys } })).not.toHaveProperty("organizationId");
  });

  test.each<[string, string | undefined]>([
    ["DD_ORG_UUID__PAYMENTS", "payments"],
    ["DD_ORG_UUID", undefined],
  ])("in %s must be a UUID: the error does not quote it", (variable, source) => {
    const env = { DD_CLOUD_PROVIDER_TYPE: "github", [variable]: "canary" };
    const { code, message } = catchRefusal(source, { env });
    expect(code).toBe("invalid-configuration");
    expect(message).toContain(`The value of ${variable} must be a UUID.`);
    expect(message).not.toContain("canary");
  });
});
