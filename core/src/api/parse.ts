import * as v from "valibot";
import { usersOf, type User } from "./parse-users.js";
import { definedOnly } from "./defined.js";
import type { Headers } from "./rate-limit.js";
import { encodeText } from "./invisible.js";

/** An organization as the list of organizations shows it. */
export interface Organization {
  /** UUID, lower case. */
  id: string;
  name: string;
  publicId?: string;
  description?: string;
  /** A disabled organization can be neither source nor sink. */
  disabled: boolean;
  /** ISO date, as the API gives it. */
  createdAt?: string;
}

/** One end of a connection, or its creator. */
export interface Party {
  id: string;
  /** Missing in the answer to an update, and where the API does not tell. */
  name?: string;
}

/** One connection as it is live. */
export interface Connection {
  id: string;
  source?: Party;
  sink?: Party;
  createdBy?: Party;
  /** RFC 3339 with microseconds, as the API gives it. */
  createdAt: string;
  /** Sorted. */
  connectionTypes: string[];
}

/** One page of the list. */
export interface Page {
  connections: Connection[];
  /** The creators of these rows, as far as the answer includes them. */
  users?: User[] | undefined;
  /** How many rows the whole list has, where the answer says so. */
  total?: number | undefined;
  /** The server's clock at this answer, in milliseconds. */
  date?: number | undefined;
}

/** The organizations that a pair of keys can see, and which of them the keys belong to. */
export interface ManagedOrganizations {
  /** UUID of the calling organization. */
  callerId: string;
  organizations: Organization[];
}

/** A name, or another text that people read: an organization's administrators and users choose it. */
const visibleText = v.pipe(v.string(), v.transform(encodeText));
// Unknown fields are dropped (object), `null` counts as absent (nullish): the API adds and empties fields (R).
const text = v.nullish(visibleText);
/** An id becomes part of paths, messages and reports: anything but letters, digits and hyphens is no id of Datadog's. */
const identifier = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/));
const uuid = v.pipe(identifier, v.toLowerCase());
const reference = v.nullish(v.object({ data: v.nullish(v.object({ id: uuid, name: text })) }));

const connection = v.object({
  id: identifier,
  attributes: v.object({ created_at: visibleText, connection_types: v.array(visibleText) }),
  relationships: v.nullish(v.object({ source_org: reference, sink_org: reference, created_by: reference })),
});

const list = v.object({
  data: v.array(connection),
  // Looked into row by row (parse-users.ts): what it holds of other shapes is nobody's failure.
  included: v.optional(v.unknown()),
  meta: v.nullish(
    v.object({
      page: v.nullish(
        v.object({ total_count: v.nullish(v.number()), total_filtered_count: v.nullish(v.number()) }),
      ),
    }),
  ),
});

// Who the caller is goes into the state, so here nothing passes but what the API has for an id: a stranger's answer of
// this shape (a proxy's login page in JSON) would name the organization for good.
const callerId = v.pipe(uuid, v.uuid());

const organizations = v.object({
  data: v.object({
    id: callerId,
    relationships: v.nullish(
      v.object({
        current_org: v.nullish(v.object({ data: v.nullish(v.object({ id: callerId })) })),
      }),
    ),
  }),
  included: v.nullish(
    v.array(
      v.object({
        type: text,
        id: uuid,
        attributes: v.nullish(
          v.object({
            name: text,
            public_id: text,
            description: text,
            disabled: v.nullish(v.boolean()),
            created_at: text,
          }),
        ),
      }),
    ),
  ),
});

/** The answer to a list, with the time in its headers. Throws valibot's error when the shape is another. */
export function parsePage(body: unknown, headers: Headers = {}): Page {
  const { data, included, meta } = v.parse(list, body);
  const users = usersOf(included);
  const date = Date.parse(headers["date"] ?? "");
  return {
    connections: data.map(toConnection),
    users: users.length > 0 ? users : undefined,
    total: meta?.page?.total_filtered_count ?? meta?.page?.total_count ?? undefined,
    date: Number.isNaN(date) ? undefined : date,
  };
}

/** The answer to create and update. */
export function parseConnection(body: unknown): Connection {
  return toConnection(v.parse(v.object({ data: connection }), body).data);
}

/** The answer to `GET /api/v2/org`. */
export function parseOrganizations(body: unknown): ManagedOrganizations {
  const { data, included } = v.parse(organizations, body);
  return {
    callerId: data.relationships?.current_org?.data?.id ?? data.id,
    organizations: (included ?? [])
      .filter((row) => row.type === "orgs")
      .map(({ id, attributes }) =>
        definedOnly<Organization>({
          id,
          name: attributes?.name ?? "",
          disabled: attributes?.disabled ?? false,
          publicId: attributes?.public_id ?? undefined,
          description: attributes?.description ?? undefined,
          createdAt: attributes?.created_at ?? undefined,
        }),
      ),
  };
}

/** The answer to a deletion: an object with nothing in it (S). Anything else is a stranger's, with status 200 too. */
export function parseNothing(body: unknown): void {
  const isNoList = v.check((answer: unknown) => !Array.isArray(answer));
  v.parse(v.pipe(v.unknown(), isNoList, v.strictObject({})), body);
}

/** The texts of a failure's body; none when the body has another shape. */
export function parseErrors(body: unknown): string[] {
  const parsed = v.safeParse(v.object({ errors: v.array(v.string()) }), body);
  return parsed.success ? parsed.output.errors : [];
}

function toConnection({ id, attributes, relationships }: v.InferOutput<typeof connection>): Connection {
  return definedOnly<Connection>({
    id,
    source: toParty(relationships?.source_org),
    sink: toParty(relationships?.sink_org),
    createdBy: toParty(relationships?.created_by),
    createdAt: attributes.created_at,
    connectionTypes: [...new Set(attributes.connection_types)].sort(),
  });
}

function toParty(value: v.InferOutput<typeof reference>): Party | undefined {
  const data = value?.data;
  return data ? definedOnly<Party>({ id: data.id, name: data.name ?? undefined }) : undefined;
}
