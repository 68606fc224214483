import * as v from "valibot";
import { encodeText } from "../text/escape-text.js";
import { omitUndefined } from "../text/data.js";
import type { ConnectionType } from "./connection-type.js";
import type { Headers } from "./limiter.js";

/** A string such as a name, a type or a date. It is encoded, because it may contain any characters: users choose names. */
const encodedString = v.pipe(v.string(), v.transform(encodeText));

/** An optional {@link encodedString}. `null`, which the API sends for some fields (see wire.ts), counts as absent. */
const optionalText = v.nullish(encodedString);

/** An ID. It becomes part of paths, messages and reports, so only letters, digits, `-` and `_` are valid. */
export const identifier = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/, "must be an ID"));

/** The ID of an organization or a user, in lower case. */
const lowerCaseId = v.pipe(identifier, v.toLowerCase());

/** A user in the `included` rows of the list of connections or of the list of application keys. */
export interface User {
  /** UUID, lower case. */
  id: string;
  name?: string;
  handle?: string;
  email?: string;
  /** Whether the user is a service account, if the response reports it. */
  serviceAccount?: boolean;
}

/** An optional string. A value of another type counts as missing. */
const lenientText = v.fallback(v.optional(encodedString), undefined);
// The recorded responses (wire.ts) have all of these attributes, but the API may omit some of them.
const userSchema = v.object({
  type: v.literal("users"),
  id: lowerCaseId,
  attributes: v.object({
    name: lenientText,
    handle: lenientText,
    email: lenientText,
    service_account: v.fallback(v.optional(v.boolean()), undefined),
  }),
});

/** Parses the users in the `included` rows of a list. Never throws: a row of another shape is ignored. */
export function parseUsers(included: unknown): User[] {
  if (!Array.isArray(included)) return [];
  return included.flatMap((row: unknown) => {
    // Most rows are organizations. This check is faster than the schema.
    if (typeof row !== "object" || row === null || !("type" in row) || row.type !== "users") return [];
    const parsed = v.safeParse(userSchema, row);
    if (!parsed.success) return [];
    const { id, attributes } = parsed.output;
    const { service_account: serviceAccount, ...names } = attributes;
    return [omitUndefined<User>({ id, ...names, serviceAccount })];
  });
}

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
  // Parsed row by row (below): a row of another shape must not fail the list.
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

/** An organization from the list of organizations. */
export interface Organization {
  /** UUID, lower case. */
  id: string;
  /** The name, or an empty string if the API returns none. Invisible characters are escaped. */
  name: string;
  /** The short ID that Datadog shows, if the API returns it. */
  publicId?: string;
  /** The description, if there is one. */
  description?: string;
  /** A disabled organization cannot be a source or a destination. */
  disabled: boolean;
  /** ISO date, as sent by the API. */
  createdAt?: string;
}

/** The organizations that the caller (the organization of the credentials) can list. */
export interface VisibleOrganizations {
  /** UUID of the organization of the credentials. */
  callerId: string;
  organizations: readonly Organization[];
}

// The caller's ID is stored in the state, so it must be a UUID. Otherwise, a similar response from another service, such as a
// proxy, could put a wrong ID into the state.
const callerId = v.pipe(lowerCaseId, v.uuid());

const visibleOrganizationsSchema = v.object({
  data: v.object({
    id: callerId,
    relationships: v.nullish(
      v.object({
        current_org: v.nullish(v.object({ data: v.nullish(v.object({ id: callerId })) })),
      }),
    ),
  }),
  included: v.nullish(v.array(v.unknown())),
});

const rowSchema = v.object({
  type: optionalText,
  id: lowerCaseId,
  attributes: v.nullish(
    v.object({
      name: optionalText,
      public_id: optionalText,
      description: optionalText,
      disabled: v.nullish(v.boolean()),
      created_at: optionalText,
    }),
  ),
});

/** The results of {@link parseRow} by the JSON of the row. */
const parsedRows = new Map<string, Organization | undefined>();
/** The organizations in the latest response. If the next response has equal rows, this array is reused. */
let latest: readonly Organization[] = [];

/**
 * Parses the response to `GET /api/v2/org`. Throws valibot's error for another shape.
 *
 * A thousand organizations of an account may each list the same thousand rows. So equal rows are parsed once and share one object.
 * A list that equals the previous list reuses the array.
 */
export function parseOrganizations(body: unknown): VisibleOrganizations {
  const { data, included } = v.parse(visibleOrganizationsSchema, body);
  const organizations = (included ?? []).flatMap((row) => getParsedRow(row) ?? []);
  const isLatest =
    organizations.length === latest.length &&
    organizations.every((organization, at) => organization === latest[at]);
  if (!isLatest) latest = organizations;
  return { callerId: data.relationships?.current_org?.data?.id ?? data.id, organizations: latest };
}

function getParsedRow(row: unknown): Organization | undefined {
  const json = JSON.stringify(row);
  if (!parsedRows.has(json)) parsedRows.set(json, parseRow(row));
  return parsedRows.get(json);
}

/** Parses a row. Returns undefined if it is not an organization. Throws valibot's error for another shape. */
function parseRow(row: unknown): Organization | undefined {
  const { type, id, attributes } = v.parse(rowSchema, row);
  if (type !== "orgs") return undefined;
  return omitUndefined<Organization>({
    id,
    name: attributes?.name ?? "",
    disabled: attributes?.disabled ?? false,
    publicId: attributes?.public_id ?? undefined,
    description: attributes?.description ?? undefined,
    createdAt: attributes?.created_at ?? undefined,
  });
}
