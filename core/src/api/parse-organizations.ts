import * as v from "valibot";
import { omitUndefined } from "./omit-undefined.js";
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
  /** A disabled organization can be neither source nor destination. */
  disabled: boolean;
  /** ISO date, as sent by the API. */
  createdAt?: string;
}

/** The organizations that the caller can list, and the caller's own ID. */
export interface VisibleOrganizations {
  /** UUID of the calling organization. */
  callerId: string;
  organizations: readonly Organization[];
}

// The caller's ID is stored in the state, so only a UUID passes. Otherwise a response of this shape from
// another service, such as a JSON login page of a proxy, would permanently set the organization's ID.
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

/** The organizations that were parsed before, by the JSON of their rows. Undefined for a row that is not an organization. */
const parsedRows = new Map<string, Organization | undefined>();
/** The result of the latest response, which an equal response returns again. */
let latest: readonly Organization[] = [];

/**
 * Parses the response to `GET /api/v2/org`. Throws valibot's error for another shape. The keys of a thousand organizations may
 * see all of them. So equal rows are parsed once and are the same object, and a list that equals the last one is the same list.
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

/** Returns undefined for a row that is not an organization. */
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
