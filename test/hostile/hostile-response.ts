/** Hostile responses of a server. */
import fc from "fast-check";
import { createDeepJson, createMutations, hostileJson, hostileString } from "./arbitraries.js";

/** The keys of the requests. Nothing may show them, even if a response does. */
export const KEYS = { apiKey: "canary-api-key-0123456789", appKey: "canary-app-key-0123456789" };
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

/** One response. */
export interface HostileResponse {
  status: number;
  type: string;
  headers: Record<string, string>;
  body: string;
}

/** Header values, without characters that HTTP does not allow. */
const headerText = hostileString.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 200));
/** A response with a hostile status, type, header or body. */
export const hostileResponse: fc.Arbitrary<HostileResponse> = fc.record({
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
        `{"errors":["${KEYS.apiKey} ${KEYS.appKey}"]}`,
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
