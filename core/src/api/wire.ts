/**
 * The bodies of responses. The sandbox uses these types for the responses that it sends. The client does not:
 * it parses responses from `unknown` (parse.ts), because the API adds fields, omits fields and sends `null`.
 *
 * Source: the OpenAPI specification,
 * https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml.
 * "Recorded" refers to the responses of the live service in TestAccDatadogOrgConnection_Basic.yaml and, for a PATCH,
 * TestAccDatadogOrgConnection_Update.yaml:
 * https://github.com/DataDog/terraform-provider-datadog/tree/master/datadog/tests/cassettes.
 */

/** A reference to an organization or a user. The response to a PATCH omits `name` (recorded). */
export interface WireReference {
  data: { type: "orgs" | "users"; id: string; name?: string };
}

/** One connection, as returned by list, create and (without names) update. */
export interface WireConnection {
  type: "org_connection";
  id: string;
  attributes: {
    /** RFC 3339 with microseconds and a numeric offset: `2025-08-26T20:19:36.177236+00:00`. */
    created_at: string;
    /** A set: the order has no meaning. Known types: `logs`, `metrics`, `audit`. */
    connection_types: string[];
  };
  relationships: { source_org?: WireReference; sink_org?: WireReference; created_by?: WireReference };
}

/** The response to a list. `included` is missing if the list is empty (recorded). */
export interface WireConnectionList {
  data: WireConnection[];
  included?: (WireOrganization | WireUser)[];
  meta?: { page: { total_count: number; total_filtered_count: number } };
}

/** An organization, as included in the list of connections and in the list of organizations. */
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

/** A user, as included in the list of connections and in the list of application keys. */
export interface WireUser {
  type: "users";
  id: string;
  attributes: { handle: string; email: string; name?: string | null; service_account?: boolean };
}

/** The response to a create or an update. */
export interface WireConnectionResponse {
  data: WireConnection;
}

/** The response to `GET /api/v2/org`. */
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

/** The response to `GET /api/v1/validate`. See https://docs.datadoghq.com/api/latest/authentication/. */
export interface WireApiKeyValid {
  valid: boolean;
}

/** The response to `GET /api/v2/validate_keys` if both keys are valid. */
export interface WireKeysValid {
  status: "ok";
}

/**
 * The response to `GET /api/v2/application_keys?include=owned_by`. It contains only the last four characters
 * of a key.
 */
export interface WireApplicationKeys {
  data: {
    type: "application_keys";
    id: string;
    attributes: { name: string; last4: string; scopes: string[] | null };
    relationships: { owned_by: { data: { type: "users"; id: string } } };
  }[];
  included?: WireUser[];
}

/**
 * The response to `POST /api/v2/delegated-token`:
 * https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go
 */
export interface WireAccessToken {
  data: {
    type: "delegated_token";
    /** `expires`: seconds since 1970, as a string. If it is missing, the token is valid for 15 minutes. */
    attributes: { access_token: string; expires?: string };
  };
}

/** The body of every error response of the API. */
export interface WireErrors {
  errors: string[];
}
