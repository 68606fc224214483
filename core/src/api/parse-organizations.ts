import * as v from "valibot";
import { omitUndefined } from "../text/data.js";
import { lowerCaseId, optionalText } from "./response-fields.js";

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
