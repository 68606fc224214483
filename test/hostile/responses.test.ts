/** Hostile responses of a server end with a valid result, or with a printable error. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../core/src/api/client.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { everyCall, createFakeClock, createKeys } from "../core/api/harness.js";
import {
  createDeepJson,
  expectUnpolluted,
  hostileJson,
  hostileString,
  createMutations,
  RUNS,
  UNPRINTABLE,
} from "./arbitraries.js";

const keys = { apiKey: "canary-api-key-0123456789", appKey: "canary-app-key-0123456789" };
const ID = "40bbb1c2-0000-4000-8000-000000000001";
const ORG = "aaaaaaaa-0001-4000-8000-000000000001";
const createRelationship = (type: string) => ({ data: { type, id: ORG, name: "Acme" } });
const row = {
  type: "org_connection",
  id: ID,
  attributes: { created_at: "2026-03-01T12:00:00.123456+00:00", connection_types: ["logs"] },
  relationships: {
    source_org: createRelationship("orgs"),
    sink_org: createRelationship("orgs"),
    created_by: createRelationship("users"),
  },
};
const user = { type: "users", id: ORG, attributes: { name: "A", handle: "a@b.c", email: "a@b.c" } };
const org = { type: "orgs", id: ORG, attributes: { name: "Acme", public_id: "x", disabled: false } };
const VALID = [
  { data: [row], included: [user, org], meta: { page: { total_count: 1, total_filtered_count: 1 } } },
  { data: row },
  {},
  {
    data: { type: "managed_orgs", id: ORG, relationships: { current_org: createRelationship("orgs") } },
    included: [org],
  },
  { errors: ["refused"] },
] as const;

/** Header values, without characters that HTTP does not allow. */
const headerText = hostileString.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 200));
const response = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(200) },
    fc.constantFrom(201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599),
  ),
  type: fc.constantFrom(
    "application/json",
    "application/vnd.api+json",
    "text/html",
    "application/json; charset=utf-16",
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      "location",
      "x-ratelimit-reset",
      "x-ratelimit-remaining",
      "x-ratelimit-limit",
      "retry-after",
      "x-odd",
    ),
    fc.oneof(
      headerText,
      fc.constantFrom("0", "-1", "1e9", "1790000000", "NaN", "0.001", "999999999999999999999"),
    ),
  ),
  body: fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(...VALID)
        .chain((valid) => createMutations(valid))
        .map(toJson),
    },
    { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileString },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `{"errors":["${keys.apiKey} ${keys.appKey}"]}`,
        "",
        "null",
        "[",
        "{",
        createDeepJson(200_000),
      ),
    },
  ),
});

/** The JSON of a value; an empty string for undefined. */
function toJson(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

let server: Server;
let next: { status: number; type: string; headers: Record<string, string>; body: string };
let requests = 0;
beforeAll(async () => {
  server = createServer((_, reply) => {
    requests++;
    const noBody = next.status === 204 || next.status === 304;
    reply
      .writeHead(next.status, { "Content-Type": next.type, ...next.headers })
      .end(noBody ? undefined : next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function openClient() {
  return new OrgConnectionsClient({
    authentication: createKeys(keys.apiKey, keys.appKey),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    label: `organization "payments"`,
    credentialsFrom: "DD_API_KEY__X and DD_APP_KEY__X",
    clock: createFakeClock(),
    random: () => 1,
    retry: { maxAttempts: 2 },
  });
}

describe.each(Object.entries(everyCall))("%s", (_, call) => {
  test("ends with a printable result or a printable error", { timeout: 300_000 }, async () => {
    const perCall = Math.ceil(RUNS.numRuns / Object.keys(everyCall).length);
    await fc.assert(
      fc.asyncProperty(response, async (given) => {
        next = given;
        requests = 0;
        const outcome = await call(openClient()).then(
          (value: unknown) => ({ value }),
          (error: unknown) => ({ error }),
        );
        expect(requests).toBeLessThanOrEqual(2 * 4);
        expectUnpolluted();
        if ("error" in outcome) {
          const { error } = outcome;
          if (!isOrgConnectionsError(error)) throw error;
          expect(error.message).not.toMatch(UNPRINTABLE);
          expect(error.message.length).toBeLessThan(4000);
          expect(JSON.stringify([error.message, error.stack, error.facts])).not.toContain("canary");
          return;
        }
        // Only the documented status is a success.
        expect(given.status).toBe(200);
        for (const text of collectStrings(outcome.value)) expect(text).not.toMatch(UNPRINTABLE);
      }),
      { ...RUNS, numRuns: perCall },
    );
  });
});

function collectStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(collectStrings);
}
