/** Hostile environment variables and stack configuration end with credentials, or with a printable error. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listSecrets } from "../../core/src/api/authentication.js";
import { resolveCredentials } from "../../core/src/credentials/resolve.js";
import {
  readCallLimits,
  readNamedOrganizations,
  NAMESPACE,
  ORGANIZATIONS_KEY,
} from "../../core/src/credentials/settings.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { isDatadogUrl } from "../../core/src/credentials/base-url.js";
import { expectUnpolluted, hostileJson, hostileString, RUNS, UNPRINTABLE } from "./arbitraries.js";

const KEY = "canary-key-0123456789abcdef";
const name = fc.oneof(
  fc.constantFrom("payments", "__proto__", "constructor", "prototype", "toString", "a.b", 'a"b', "ÄÖ", "1"),
  hostileString,
);
const key = fc.oneof({ weight: 3, arbitrary: fc.constant(KEY) }, hostileString);
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
  hostileString,
);
const site = fc.oneof(
  fc.constantFrom(
    "datadoghq.eu",
    "us5.datadoghq.com",
    "evil.example",
    "datadoghq.com.evil.example",
    "xdatadoghq.com",
  ),
  hostileString,
);
const organization = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        apiKey: key,
        appKey: key,
        bearerToken: key,
        site,
        url: address,
        id: hostileString,
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
  { weight: 1, arbitrary: hostileString },
  { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
);
const config = fc
  .record(
    {
      [ORGANIZATIONS_KEY]: organizations,
      [`${NAMESPACE}:apiKey`]: key,
      [`${NAMESPACE}:appKey`]: key,
      [`${NAMESPACE}:bearerToken`]: key,
      "datadog:bearerToken": key,
      [`${NAMESPACE}:site`]: site,
      [`${NAMESPACE}:url`]: address,
      [`${NAMESPACE}:id`]: hostileString,
      "datadog:apiKey": key,
      "datadog:appKey": key,
      "datadog:apiUrl": address,
      [`${NAMESPACE}:maxAttempts`]: hostileString,
      [`${NAMESPACE}:callTimeoutSeconds`]: hostileString,
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
    DD_BEARER_TOKEN: key,
    DATADOG_BEARER_TOKEN: key,
    DD_BEARER_TOKEN__PAYMENTS: key,
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

describe("hostile settings", () => {
  test("resolving credentials succeeds, or fails with a printable error", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.option(name, { nil: undefined }), config, env, (source, values, variables) => {
        const settings = { config: (one: string) => values.get(one), env: variables };
        try {
          const { baseUrl, authentication, fromStack } = resolveCredentials(source, settings);
          for (const one of listSecrets(authentication)) expect(one).toMatch(/^[\x21-\x7e]+$/);
          const { protocol, hostname } = new URL(baseUrl);
          expect(protocol === "https:" || hostname === "127.0.0.1" || hostname === "localhost").toBe(true);
          // An address from another place than the credentials must be Datadog's own.
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

  test("limits and names are read, or rejected with a printable error", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(config, (values) => {
        for (const read of [readCallLimits, readNamedOrganizations]) {
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
