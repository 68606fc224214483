/** Whatever the environment and the stack's configuration hold: credentials, or an error that can be printed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callLimits } from "../../core/src/credentials/limits.js";
import { resolveCredentials } from "../../core/src/credentials/resolve.js";
import { namedOrganizations, NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/settings.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { isDatadogUrl } from "../../core/src/credentials/base-url.js";
import { expectUnpolluted, hostileJson, hostileText, RUNS, UNPRINTABLE } from "./arbitraries.js";

const KEY = "canary-key-0123456789abcdef";
const name = fc.oneof(
  fc.constantFrom("payments", "__proto__", "constructor", "prototype", "toString", "a.b", 'a"b', "ÄÖ", "1"),
  hostileText,
);
const key = fc.oneof({ weight: 3, arbitrary: fc.constant(KEY) }, hostileText);
const address = fc.oneof(
  fc.constantFrom(
    "https://api.datadoghq.com",
    "http://127.0.0.1:8126",
    "https://evil.example",
    "https://api.datadoghq.com.evil.example",
    "https://api.datadoghq.com@evil.example",
    "https://evil.example#.datadoghq.com",
    "javascript:alert(1)",
    "//evil.example",
  ),
  hostileText,
);
const site = fc.oneof(
  fc.constantFrom(
    "datadoghq.eu",
    "us5.datadoghq.com",
    "evil.example",
    "datadoghq.com.evil.example",
    "xdatadoghq.com",
  ),
  hostileText,
);
const organization = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        apiKey: key,
        appKey: key,
        site,
        url: address,
        id: hostileText,
        auth: fc.constantFrom("headers", "query", "x"),
      },
      { requiredKeys: [] },
    ),
  },
  hostileJson,
);
const organizations = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(name, organization, { maxKeys: 4 }).map((value) => JSON.stringify(value)),
  },
  { weight: 1, arbitrary: hostileText },
  { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
);
const config = fc
  .record(
    {
      [ORGANIZATIONS_KEY]: organizations,
      [`${NAMESPACE}:apiKey`]: key,
      [`${NAMESPACE}:appKey`]: key,
      [`${NAMESPACE}:site`]: site,
      [`${NAMESPACE}:url`]: address,
      [`${NAMESPACE}:id`]: hostileText,
      "datadog:apiKey": key,
      "datadog:appKey": key,
      "datadog:apiUrl": address,
      [`${NAMESPACE}:tries`]: hostileText,
      [`${NAMESPACE}:callTimeoutSeconds`]: hostileText,
    },
    { requiredKeys: [] },
  )
  .map((values) => new Map(Object.entries(values)));
const env = fc.record(
  {
    DD_API_KEY: key,
    DD_APP_KEY: key,
    DD_API_KEY__PAYMENTS: key,
    DD_APP_KEY__PAYMENTS: key,
    DD_SITE: site,
    DD_SITE__PAYMENTS: site,
    DD_HOST: address,
    DD_HOST__PAYMENTS: address,
    DATADOG_HOST: address,
  },
  { requiredKeys: [] },
);

function expectPrintable(error: unknown): void {
  if (!isOrgConnectionsError(error)) throw error;
  expect(error.message).not.toMatch(UNPRINTABLE);
  expect(JSON.stringify([error.message, error.stack, error.facts])).not.toContain("canary");
}

describe("whatever the settings hold", () => {
  test("resolving credentials succeeds, or fails in a way that can be printed", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.option(name, { nil: undefined }), config, env, (source, values, variables) => {
        const settings = { config: (one: string) => values.get(one), env: variables };
        try {
          const { baseUrl, apiKey, appKey, fromStack } = resolveCredentials(source, settings);
          for (const one of [apiKey, appKey]) expect(one).toMatch(/^[\x21-\x7e]+$/);
          const { protocol, hostname } = new URL(baseUrl);
          expect(protocol === "https:" || hostname === "127.0.0.1" || hostname === "localhost").toBe(true);
          // An address of another place than the credentials' is Datadog's own.
          const own = fromStack ? [...values.values()].join("\n") : Object.values(variables).join("\n");
          const isOwn = isDatadogUrl(baseUrl) || own.includes(hostname.replace(/^api\./, ""));
          expect(isOwn).toBe(true);
        } catch (error) {
          expectPrintable(error);
        }
        expectUnpolluted();
      }),
      RUNS,
    );
  });

  test("limits and names are read, or refused in a way that can be printed", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(config, (values) => {
        for (const read of [callLimits, namedOrganizations]) {
          try {
            read((one) => values.get(one));
          } catch (error) {
            expectPrintable(error);
          }
        }
        expectUnpolluted();
      }),
      RUNS,
    );
  });
});
