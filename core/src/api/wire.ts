/**
 * What goes over the wire, field by field, as published (OpenAPI models) and as recorded from the live service.
 * The sandbox answers in these types; the client sends them, and parses what arrives from `unknown` (parse.ts),
 * since fields are added, become `null` or are left out.
 */

/** A reference to an organization or a user. The answer to a PATCH leaves `name` out. */
export interface WireReference {
  data: { type: "orgs" | "users"; id: string; name?: string };
}

/** One connection, as list, create and (without names) update return it. */
export interface WireConnection {
  type: "org_connection";
  id: string;
  attributes: {
    /** RFC 3339 with microseconds and a numeric offset: `2025-08-26T20:19:36.177236+00:00`. */
    created_at: string;
    /** A set: order carries no meaning. Known today: `logs`, `metrics`, `audit`. */
    connection_types: string[];
  };
  relationships: { source_org?: WireReference; sink_org?: WireReference; created_by?: WireReference };
}

/** The answer to a list: `included` is missing when the list is empty. */
export interface WireConnectionList {
  data: WireConnection[];
  included?: (WireOrganization | WireUser)[];
  meta?: { page: { total_count: number; total_filtered_count: number } };
}

/** An organization as the list of connections includes it and as the list of organizations holds it. */
export interface WireOrganization {
  type: "orgs";
  id: string;
  attributes: {
    name: string;
    public_id?: string | null;
    description?: string | null;
    disabled?: boolean | null;
    sharing?: string | null;
    url?: string | null;
    created_at?: string | null;
    modified_at?: string | null;
  };
}

/** A user as the list of connections includes it. */
export interface WireUser {
  type: "users";
  id: string;
  attributes: { handle: string; email: string; name?: string | null; service_account?: boolean };
}

/** The answer to create and update. */
export interface WireConnectionAnswer {
  data: WireConnection;
}

/** The answer to `GET /api/v2/org`. */
export interface WireManagedOrganizations {
  data: {
    type: "managed_orgs";
    id: string;
    relationships: {
      current_org: { data: { type: "orgs"; id: string } };
      managed_orgs: { data: { type: "orgs"; id: string }[] };
    };
  };
  included: WireOrganization[];
}

/** The answer to `GET /api/v1/validate`: the API key is known (R). */
export interface WireApiKeyValid {
  valid: boolean;
}

/** The answer to `GET /api/v2/validate_keys`: both keys are valid (S). */
export interface WireKeysValid {
  status: "ok";
}

/** The answer to `GET /api/v2/application_keys?include=owned_by`: never a key, only its last four signs (S, R). */
export interface WireApplicationKeys {
  data: {
    type: "application_keys";
    id: string;
    attributes: { name: string; last4: string; scopes: string[] | null };
    relationships: { owned_by: { data: { type: "users"; id: string } } };
  }[];
  included?: WireUser[];
}

/** The body of every failure. */
export interface WireErrors {
  errors: string[];
}
