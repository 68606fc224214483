import * as v from "valibot";
import type { ConnectionType } from "./connection-type.js";
import { parseUsers, type User } from "./parse-users.js";
import { omitUndefined } from "../text/data.js";
import type { Headers } from "./rate-limit.js";
import { encodedString, identifier, lowerCaseId, optionalText } from "./response-fields.js";

/** An organization of a connection, or its creator. */
export interface Party {
  /** UUID, lower case. */
  id: string;
  /** The name, if the API returns it. The response to an update lacks it. */
  name?: string;
}

/** A live connection. */
export interface Connection {
  /** UUID, as sent by the API. */
  id: string;
  /** The organization that shares its data, if the response contains it. */
  source?: Party;
  /** The destination organization, if the response contains it. */
  sink?: Party;
  /** The creator, if the response contains it. */
  createdBy?: Party;
  /** RFC 3339 with microseconds, as sent by the API. */
  createdAt: string;
  /** The shared types, sorted. */
  connectionTypes: ConnectionType[];
}

/** One page of the list. */
export interface Page {
  connections: Connection[];
  /** The users that the response includes: creators of these connections. Undefined if there are none. */
  users?: User[] | undefined;
  /** The row count of the whole list, not of this page, if the response contains it. */
  total?: number | undefined;
  /** The server's time at this response, in milliseconds since the epoch, if the response contains it. */
  date?: number | undefined;
}

// The API adds fields, and sends `null` for some known fields (see wire.ts). So the schemas use `object`, which drops unknown
// fields, and `nullish`, which accepts `null` for an absent value.
const referenceSchema = v.nullish(
  v.object({ data: v.nullish(v.object({ id: lowerCaseId, name: optionalText })) }),
);

const connectionSchema = v.object({
  id: identifier,
  attributes: v.object({ created_at: encodedString, connection_types: v.array(encodedString) }),
  relationships: v.nullish(
    v.object({ source_org: referenceSchema, sink_org: referenceSchema, created_by: referenceSchema }),
  ),
});

const listSchema = v.object({
  data: v.array(connectionSchema),
  // Parsed row by row (parse-users.ts): a row of another shape must not fail the list.
  included: v.optional(v.unknown()),
  meta: v.nullish(
    v.object({
      page: v.nullish(
        v.object({ total_count: v.nullish(v.number()), total_filtered_count: v.nullish(v.number()) }),
      ),
    }),
  ),
});

/** Parses the response to a list and the time in its headers. Throws valibot's error for another shape. */
export function parsePage(body: unknown, headers: Headers = {}): Page {
  const { data, included, meta } = v.parse(listSchema, body);
  const users = parseUsers(included);
  const date = Date.parse(headers["date"] ?? "");
  return {
    connections: data.map(toConnection),
    users: users.length > 0 ? users : undefined,
    total: meta?.page?.total_filtered_count ?? meta?.page?.total_count ?? undefined,
    date: Number.isNaN(date) ? undefined : date,
  };
}

/** Parses the response to a create or an update. Throws valibot's error for another shape. */
export function parseConnection(body: unknown): Connection {
  return toConnection(v.parse(v.object({ data: connectionSchema }), body).data);
}

/**
 * Parses the response to a delete, which is an empty object. Throws valibot's error for any other body. A response with another
 * body is not from Datadog, even if its status is 200.
 */
export function parseEmptyObject(body: unknown): void {
  // Without this check, `strictObject` would accept an empty array.
  const isNotArray = v.check((response: unknown) => !Array.isArray(response));
  v.parse(v.pipe(v.unknown(), isNotArray, v.strictObject({})), body);
}

/** Parses the error messages in the body of a failure. Returns none if the body has another shape. */
export function parseErrors(body: unknown): string[] {
  const parsed = v.safeParse(v.object({ errors: v.array(v.string()) }), body);
  return parsed.success ? parsed.output.errors : [];
}

function toConnection({ id, attributes, relationships }: v.InferOutput<typeof connectionSchema>): Connection {
  return omitUndefined<Connection>({
    id,
    source: toParty(relationships?.source_org),
    sink: toParty(relationships?.sink_org),
    createdBy: toParty(relationships?.created_by),
    createdAt: attributes.created_at,
    connectionTypes: [...new Set(attributes.connection_types)].sort(),
  });
}

function toParty(value: v.InferOutput<typeof referenceSchema>): Party | undefined {
  const data = value?.data;
  return data ? omitUndefined<Party>({ id: data.id, name: data.name ?? undefined }) : undefined;
}
