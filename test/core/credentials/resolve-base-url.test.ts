import { describe, expect, test } from "vitest";
import { ORGANIZATIONS, PACKAGE, catchRefusal, resolveKeys, type Given } from "./harness.js";

const LOOPBACK = "http://127.0.0.1:8126";
const PROXY = "https://proxy.example.com";
const keys = { apiKey: "a", appKey: "b" };

/** Keys in the environment, for a named organization and for the default one. */
const inEnvironment: Record<string, Record<string, string>> = {
  payments: { DD_API_KEY__PAYMENTS: "a", DD_APP_KEY__PAYMENTS: "b" },
  default: { DD_API_KEY__DEFAULT: "a", DD_APP_KEY__DEFAULT: "b" },
  usual: { DD_API_KEY: "a", DD_APP_KEY: "b" },
};

const createOrganizations = (payments: object): Record<string, object> => ({ [ORGANIZATIONS]: { payments } });
const own = { [`${PACKAGE}:apiKey`]: "a", [`${PACKAGE}:appKey`]: "b" };
const datadogs = { "datadog:apiKey": "a", "datadog:appKey": "b" };

/**
 * Each setting of the stack's configuration that may contain an address, with the sources that it applies to.
 */
const configured: [string, (address: string) => Record<string, string | object>, (string | undefined)[]][] = [
  [`${ORGANIZATIONS}.payments.url`, (url) => createOrganizations({ url }), ["payments"]],
  [`${PACKAGE}:url`, (url) => ({ [`${PACKAGE}:url`]: url }), ["payments", undefined]],
  ["datadog:apiUrl", (url) => ({ "datadog:apiUrl": url }), ["payments", undefined]],
];
/** The same for sites. */
const configuredSites: typeof configured = [
  [`${ORGANIZATIONS}.payments.site`, (site) => createOrganizations({ site }), ["payments"]],
  [`${PACKAGE}:site`, (site) => ({ [`${PACKAGE}:site`]: site }), ["payments", undefined]],
];
const HOSTS = ["DD_HOST__DEFAULT", "DD_HOST", "DATADOG_HOST"];

/** Keys in the stack's configuration. */
const stackKeys: [string, string | undefined, Record<string, string | object>, string][] = [
  ["payments", "payments", createOrganizations(keys), `${ORGANIZATIONS}.payments.url`],
  ["the default organization", undefined, own, `${PACKAGE}:url`],
  ["the default organization, by the Datadog provider's names", undefined, datadogs, "datadog:apiUrl"],
];

function expectRefusal(source: string | undefined, given: Given, setting: string, next: string): void {
  const { code, message } = catchRefusal(source, given);
  expect(code).toBe("invalid-configuration");
  expect(message).toContain(setting);
  expect(message).toContain(next);
  for (const address of [LOOPBACK, PROXY, "evil.example"]) expect(message).not.toContain(address);
}

describe("keys from the environment", () => {
  describe.each(configured)("and %s", (setting, config, sources) => {
    test.each(
      sources.flatMap((source) =>
        Object.entries(inEnvironment)
          .filter(([name]) => (name === "payments") === (source === "payments"))
          .map(([name, env]) => [source ?? "the default organization", name, source, env] as const),
      ),
    )("%s, %s variables: keys are not sent there, not even to loopback", (_, __, source, env) => {
      const suffix = source === undefined ? "DEFAULT" : "PAYMENTS";
      for (const url of [LOOPBACK, PROXY, "https://api.datadoghq.com:8443", "nonsense"]) {
        expectRefusal(source, { env, config: config(url) }, setting, `Set DD_HOST__${suffix} to the address`);
      }
      // The advice of the message works.
      const fixed = { ...env, [`DD_HOST__${suffix}`]: PROXY };
      expect(resolveKeys(source, { env: fixed, config: config(LOOPBACK) }).baseUrl).toBe(PROXY);
    });
  });

  test.each(configuredSites)(
    "and %s: keys are sent only to a site of Datadog",
    (setting, config, sources) => {
      for (const source of sources) {
        const env = inEnvironment[source ?? "usual"] ?? {};
        for (const site of ["evil.example", "datadoghq.com.evil.example", "datadoghq"]) {
          expectRefusal(source, { env, config: config(site) }, setting, "Set DD_HOST__");
        }
        expect(resolveKeys(source, { env, config: config("us5.datadoghq.com") }).baseUrl).toBe(
          "https://api.us5.datadoghq.com",
        );
      }
    },
  );

  test.each(configured)("and an address of Datadog in %s: keys are sent there", (_, config, sources) => {
    for (const source of sources) {
      const env = inEnvironment[source ?? "usual"] ?? {};
      expect(resolveKeys(source, { env, config: config("https://api.datadoghq.eu/") }).baseUrl).toBe(
        "https://api.datadoghq.eu",
      );
    }
  });

  test.each(HOSTS)("all of its variables are one place: %s applies to each organization", (name) => {
    for (const [which, env] of Object.entries(inEnvironment)) {
      const source = which === "payments" ? which : undefined;
      expect(resolveKeys(source, { env: { ...env, [name]: LOOPBACK } }).baseUrl).toBe(LOOPBACK);
    }
  });

  test("any site in the environment is accepted", () => {
    const env = { ...inEnvironment["payments"], DD_SITE: "private.example" };
    expect(resolveKeys("payments", { env }).baseUrl).toBe("https://api.private.example");
  });
});

describe.each(stackKeys)("keys of %s in the stack's configuration", (_, source, config, url) => {
  test.each(HOSTS)("and %s: keys are not sent there", (name) => {
    if (name === "DD_HOST__DEFAULT" && source === undefined) return;
    for (const address of [LOOPBACK, PROXY]) {
      const given = { config, env: { [name]: address } };
      expectRefusal(
        source,
        given,
        name,
        `Set stack configuration \`${url}\` to the address for these credentials.`,
      );
    }
    expect(resolveKeys(source, { config, env: { [name]: "https://api.us5.datadoghq.com" } }).baseUrl).toBe(
      "https://api.us5.datadoghq.com",
    );
  });

  test("and a variable with the highest precedence: the error names it too", () => {
    const name = `DD_HOST__${source === undefined ? "DEFAULT" : "PAYMENTS"}`;
    expectRefusal(
      source,
      { config, env: { [name]: PROXY } },
      `comes from ${name}`,
      `Set stack configuration \`${url}\` to the address for these credentials, and unset ${name}.`,
    );
  });

  test("and DD_SITE: keys are sent only to a site of Datadog", () => {
    expectRefusal(source, { config, env: { DD_SITE: "evil.example" } }, "DD_SITE", `\`${url}\``);
    expect(resolveKeys(source, { config, env: { DD_SITE: "datadoghq.eu" } }).baseUrl).toBe(
      "https://api.datadoghq.eu",
    );
  });
});

describe("keys and address in the stack's configuration", () => {
  test.each(configured)("may be any address, in %s, with precedence over DD_HOST", (_, config, sources) => {
    for (const source of sources) {
      const address = config(LOOPBACK);
      const merged =
        source === undefined
          ? { ...own, ...address }
          : {
              ...address,
              ...createOrganizations({ ...keys, ...(address[ORGANIZATIONS] ? { url: LOOPBACK } : {}) }),
            };
      expect(resolveKeys(source, { config: merged, env: { DD_HOST: PROXY } }).baseUrl).toBe(LOOPBACK);
    }
  });
});
