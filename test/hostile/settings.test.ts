/** Hostile environment variables and stack configuration end with credentials, or with a printable error. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listSecrets } from "../../core/src/api/authentication.js";
import { resolveCredentials } from "../../core/src/credentials/resolve.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/setting-names.js";
import { readCallLimits, readNamedOrganizations } from "../../core/src/credentials/settings.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { isDatadogUrl } from "../../core/src/credentials/base-url.js";
import { expectUnpolluted, hostileJson, hostileString, RUNS, UNPRINTABLE } from "./arbitraries.js";

const KEY = "canary-key-0123456789abcdef";
const ID = "aaaaaaaa-0003-4000-8000-000000000003";
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
// One invalid identity makes the whole configuration invalid, so most are valid.
const identity = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom({ type: "github" }, { type: "aws", region: "us-east-1" }) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        type: fc.constantFrom("aws", "azure", "gcp", "hcp", "oidc"),
        region: fc.oneof(fc.constant("us-east-1.evil.example"), hostileString),
        tag: hostileString,
        tokenVariable: hostileString,
      },
      { requiredKeys: ["type"] },
    ),
  },
  { weight: 1, arbitrary: hostileJson },
);
const type = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("aws", "github") }, hostileString);
const id = fc.oneof({ weight: 3, arbitrary: fc.constant(ID) }, hostileString);
const organization = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        apiKey: key,
        appKey: key,
        bearerToken: key,
        identity,
        site,
        url: address,
        id,
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
      [`${NAMESPACE}:identity`]: identity.map((value) => JSON.stringify(value)),
      "datadog:cloudProviderType": type,
      "datadog:cloudProviderRegion": hostileString,
      "datadog:orgUuid": id,
      [`${NAMESPACE}:site`]: site,
      [`${NAMESPACE}:url`]: address,
      [`${NAMESPACE}:id`]: id,
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
    DD_CLOUD_PROVIDER_TYPE: type,
    DD_CLOUD_PROVIDER_TYPE__PAYMENTS: type,
    DD_ORG_UUID: id,
    DD_ORG_UUID__PAYMENTS: id,
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
          const { baseUrl, authentication, fromConfig } = resolveCredentials(source, settings);
          if (authentication.kind === "identity") {
            expect(authentication.organizationId).toBe(ID);
            if (authentication.identity.type === "aws")
              expect(authentication.identity.region ?? "").toMatch(/^[a-z0-9-]*$/);
          }
          for (const one of listSecrets(authentication)) expect(one).toMatch(/^[\x21-\x7e]+$/);
          const { protocol, hostname } = new URL(baseUrl);
          expect(protocol === "https:" || hostname === "127.0.0.1" || hostname === "localhost").toBe(true);
          // An address from another place than the credentials must be Datadog's own.
          const own = fromConfig ? [...values.values()].join("\n") : Object.values(variables).join("\n");
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
