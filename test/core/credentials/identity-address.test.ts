/**
 * The proof of an identity belongs to the environment, wherever the identity is declared: no file under review decides where it is sent.
 */
import { describe, expect, test } from "vitest";
import { catchRefusal, ORGANIZATIONS, PACKAGE, resolve, type Given } from "./harness.js";

const ID = "aaaaaaaa-0003-4000-8000-000000000003";
const ADDRESS = "https://evil.example";
const identity = { type: "github" };

const prefix = (settings: object): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${PACKAGE}:${name}`, String(value)]));

/** Each place of an identity, with the settings of the stack's configuration for the organization. */
const declared: [string, string | undefined, (own: object, top: Record<string, string>) => Given][] = [
  [
    "in the stack's configuration of a name",
    "payments",
    (own, top) => ({ config: { ...top, [ORGANIZATIONS]: { payments: { identity, id: ID, ...own } } } }),
  ],
  [
    "in the stack's configuration of the default organization",
    undefined,
    (own, top) => ({
      config: { [`${PACKAGE}:identity`]: identity, [`${PACKAGE}:id`]: ID, ...prefix(own), ...top },
    }),
  ],
  [
    "in the Datadog provider's configuration",
    undefined,
    (own, top) => ({
      config: { "datadog:cloudProviderType": "aws", "datadog:orgUuid": ID, ...prefix(own), ...top },
    }),
  ],
  [
    "at the top level of the stack's configuration, for a name",
    "payments",
    (own, top) => ({
      config: {
        ...top,
        [`${PACKAGE}:identity`]: identity,
        [ORGANIZATIONS]: { payments: { id: ID, ...own } },
      },
    }),
  ],
  [
    "in the environment of a name",
    "payments",
    (own, top) => ({
      config: { ...top, [ORGANIZATIONS]: { payments: { id: ID, ...own } } },
      env: { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "github" },
    }),
  ],
  [
    "in the usual variables, for a name",
    "payments",
    (own, top) => ({
      config: { ...top, [ORGANIZATIONS]: { payments: { id: ID, ...own } } },
      env: { DD_CLOUD_PROVIDER_TYPE: "github" },
    }),
  ],
];

describe.each(declared)("an identity %s", (_, source, createGiven) => {
  const suffix = source === undefined ? "DEFAULT" : "PAYMENTS";

  test.each<[string, object, Record<string, string>]>([
    ["next to it", { url: ADDRESS }, {}],
    ["next to it, as a site", { site: "evil.example" }, {}],
    ["next to it, on this machine", { url: "http://127.0.0.1:8126" }, {}],
    ["of all organizations", {}, { [`${PACKAGE}:url`]: ADDRESS }],
    ["of the Datadog provider", {}, { "datadog:apiUrl": ADDRESS }],
  ])("is not proven to an address in the stack's configuration: %s", (__, own, top) => {
    const { code, message } = catchRefusal(source, createGiven(own, top));
    expect(code).toBe("invalid-configuration");
    expect(message).toContain(
      "The proof of an identity comes from the environment and is sent to an address from the stack's configuration only if that address belongs to Datadog.",
    );
    expect(message).toContain(`Set DD_HOST__${suffix} to the address for these credentials`);
    expect(message).not.toContain("evil.example");
  });

  test("is proven to a site of Datadog, from any place", () => {
    expect(resolve(source, createGiven({ site: "us5.datadoghq.com" }, {})).baseUrl).toBe(
      "https://api.us5.datadoghq.com",
    );
    const { config = {}, env = {} } = createGiven({}, {});
    expect(resolve(source, { config, env: { ...env, DD_SITE: "datadoghq.eu" } }).baseUrl).toBe(
      "https://api.datadoghq.eu",
    );
  });

  test.each([`DD_HOST__${suffix}`, "DD_HOST"])("is proven to the address in %s", (variable) => {
    const { config = {}, env = {} } = createGiven({}, {});
    const credentials = resolve(source, { config, env: { ...env, [variable]: "http://127.0.0.1:8126" } });
    expect(credentials.baseUrl).toBe("http://127.0.0.1:8126");
    expect(credentials.fromConfig).toBe(false);
  });
});
