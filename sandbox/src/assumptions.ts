/**
 * How an assumption is known.
 *
 * - `documented`: a page of Datadog's documentation says so.
 * - `published`: Datadog's OpenAPI specification, or the code of one of its clients.
 * - `recorded`: a recorded exchange with the live service.
 * - `assumed`: nothing of this says so. The sandbox had to choose.
 */
export type AssumptionKind = "documented" | "published" | "recorded" | "assumed";

/** Something that the sandbox does as Datadog is believed to do. */
export interface Assumption {
  /** In kebab case. It never changes, because recordings and reports refer to it. */
  readonly name: string;
  /** What holds, as a sentence. */
  readonly sentence: string;
  readonly kind: AssumptionKind;
  /** The page that says so. Missing for `assumed`. */
  readonly url?: string;
}

type Source = Omit<Assumption, "name">;

const API_PAGE = "https://docs.datadoghq.com/api/latest/org-connections/";
const AUTHENTICATION = "https://docs.datadoghq.com/api/latest/authentication/";
const TOKENS = "https://docs.datadoghq.com/account_management/service-access-tokens/";
const KEY_MANAGEMENT = "https://docs.datadoghq.com/api/latest/key-management/";
const RATE_LIMITS = "https://docs.datadoghq.com/api/latest/rate-limits/";
const SPECIFICATION =
  "https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml";
const CLIENT = "https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go";
const RECORDINGS =
  "https://github.com/DataDog/terraform-provider-datadog/tree/master/datadog/tests/cassettes";

const documented = (sentence: string, url = API_PAGE): Source => ({ sentence, kind: "documented", url });
const published = (sentence: string, url = SPECIFICATION): Source => ({ sentence, kind: "published", url });
const recorded = (sentence: string): Source => ({ sentence, kind: "recorded", url: RECORDINGS });
const assumed = (sentence: string): Source => ({ sentence, kind: "assumed" });

const sources = {
  // What all responses, and all connections in them, have in common.
  "json-content-type": published("Every response has the content type `application/json`."),
  "error-body": recorded('A refused request gets the body `{"errors":["text"]}`.'),
  "connection-type": recorded("The `type` of a connection is `org_connection`."),
  "connection-id": recorded("The id of a connection is a UUID in lower case."),
  "connection-created-at": recorded("`created_at` has microseconds and the offset `+00:00`."),
  "connection-source": recorded(
    "A connection has the relationship `source_org`, with the UUID of its source organization.",
  ),
  "connection-sink": recorded(
    "A connection has the relationship `sink_org`, with the UUID of its destination organization.",
  ),
  "connection-creator": recorded("A connection has the relationship `created_by`, with the UUID of a user."),
  "connection-references": published("The relationships refer to the types `orgs` and `users`."),

  // What the list of connections contains.
  "list-status": published("A list gets the status 200."),
  "list-body": published("A list has the connections in `data`."),
  "list-both-organizations": documented("The source and the destination of a connection both list it."),
  "list-names": recorded("A listed connection has the names of both organizations and of the creator."),
  "list-included": recorded("A list with connections has `included`: their organizations and creators."),
  "list-included-order": recorded("`included` has the organizations first, then the users."),
  "list-empty": recorded("An empty list has no `included`."),
  "list-totals": recorded("A list has `meta.page` with `total_count` and `total_filtered_count`."),
  "list-total-ignores-filters": assumed(
    "`total_count` counts all connections of the caller, whatever the filters.",
  ),
  "list-filtered-total-ignores-page": assumed("`total_filtered_count` counts the connections of all pages."),
  "list-order": recorded("A list is in the order of `created_at`, the oldest connection first."),
  "list-current": recorded("A list shows each create, change and delete at once."),

  // What the parameters of a list do.
  "list-filter-sink": published("`sink_org_id` selects the connections to one destination."),
  "list-filter-source": published("`source_org_id` selects the connections of one source."),
  "list-filter-case": assumed("The filters ignore the case of a UUID."),
  "list-limit": published("`limit` is the maximum count of connections on a page."),
  "list-offset": published("`offset` is the count of connections before the page."),
  "list-limit-maximum": assumed("A `limit` above 1000 gets 400."),
  "list-parameters-checked": assumed(
    "A `limit` of 0, a negative `offset` and a filter that is not a UUID get 400.",
  ),

  // What a create returns.
  "create-status": published("A create gets the status 200."),
  "create-body": published("The response to a create has the connection in `data`."),
  "create-names": recorded(
    "The response to a create has the names of both organizations and of the creator.",
  ),
  "create-types": recorded("The response to a create has exactly the types of the request."),
  "create-default-types": assumed("A create without types shares `logs`."),
  "create-unknown-type": assumed("A create with a type that is not documented is allowed."),
  "create-new-id": documented("A pair that is connected again gets a new id."),

  // Which creates are refused.
  "create-existing-status": recorded("A create of a pair that is connected already gets 409."),
  "create-existing-message": recorded(
    "The message of this 409 is `connection between orgs SOURCE and DESTINATION already exists`.",
  ),
  "create-malformed-sink": recorded(
    "A create whose destination is not a UUID gets 404 and the message `Not found`.",
  ),
  "create-unknown-sink": assumed(
    "A create whose destination is the UUID of no organization of the account gets 404.",
  ),
  "create-own-organization": assumed("A create whose destination is the source itself gets 400."),
  "create-repeated-type-status": recorded("A create with a repeated type gets 400."),
  "create-repeated-type-message": recorded(
    "The message for a repeated type is `connection between orgs SOURCE and DESTINATION is not allowed`.",
  ),
  "create-types-checked": assumed("A create with an empty or malformed set of types gets 400."),

  // What an update returns, and which updates are refused.
  "update-status": published("An update gets the status 200."),
  "update-body": published("The response to an update has the connection in `data`."),
  "update-without-names": recorded("The response to an update has none of the three names that a list has."),
  "update-response-types": recorded("The response to an update has the new types."),
  "update-replaces-types": recorded("An update replaces the types of the connection."),
  "update-keeps-creation": recorded("An update keeps `created_at`."),
  "update-unknown-type": assumed("An update to a type that is not documented is allowed."),
  "update-repeated-type-status": recorded("An update with a repeated type gets 400."),
  "update-repeated-type-message": recorded(
    "The message for an update with a repeated type is `Validation failed for input.`",
  ),
  "update-types-checked": assumed("An update with an empty or malformed set of types gets 400."),
  "update-id-in-body": assumed("An update whose body has another id than its path gets 400."),
  "update-missing-status": recorded("An update of a connection that does not exist gets 404."),
  "update-missing-message": recorded(
    "The message for an update without a connection is `Org connection with id:ID not found not found`.",
  ),
  "update-by-sink": assumed("An update with the credentials of the destination gets 404."),
  "update-by-other": assumed(
    "An update with the credentials of an organization that takes no part gets 404.",
  ),

  // What a delete returns, and which deletes are refused.
  "delete-status": published("A delete gets the status 200."),
  "delete-body": published("The body of the response to a delete is `{}`."),
  "delete-by-sink": documented("The destination may delete a connection."),
  "delete-by-other": assumed("A delete with the credentials of an organization that takes no part gets 404."),
  "delete-malformed-id-status": recorded("A delete with an id that is not a UUID gets 400."),
  "delete-malformed-id-message": recorded(
    "The message for a delete with such an id is `connection id must be a valid uuid`.",
  ),
  "delete-missing-status": recorded("A delete of a connection that does not exist, or no longer, gets 404."),
  "delete-missing-message": recorded(
    "The message for a delete without a connection is `org connection with id:ID not found not found`.",
  ),
  "connection-id-case": assumed("The id in a path is compared without regard to case."),

  // How requests authenticate.
  "credentials-missing": published("A request without credentials gets 401."),
  "credentials-incomplete": published("A request with only one of the two keys gets 401."),
  "credentials-unknown": assumed("A request with unknown keys gets 403."),
  "credentials-in-query": documented("Keys may be in the query parameters `api_key` and `application_key`."),
  "token-accepted": documented("A bearer token replaces both keys.", TOKENS),
  "token-as-application-key": documented(
    "A bearer token is accepted in the header of the application key.",
    TOKENS,
  ),
  "token-with-keys": assumed("A bearer token together with keys gets 401."),
  "token-unknown": assumed("A request with an unknown bearer token gets 401."),

  // The permissions of the caller.
  "permission-missing-status": documented("A create without a permission to write gets 403."),
  "permission-missing-message": assumed(
    "The message for a missing permission is `Failed permission authorization checks`.",
  ),
  "permission-read": documented("`org_connections_read` suffices for the list."),

  // The calls that `doctor` makes.
  "validate-body": documented('The validation of an API key gets `{"valid":true}`.', AUTHENTICATION),
  "validate-without-key": recorded(
    "The validation without a key gets 403 and the message `API key required`.",
  ),
  "validate-unknown-key": documented("The validation of an unknown API key gets 403.", AUTHENTICATION),
  "validate-keys-status": published("The validation of both keys gets 200."),
  "application-keys-secret": documented(
    "The list of application keys has the last four characters of each key, and no key.",
    KEY_MANAGEMENT,
  ),
  "application-keys-owner": documented(
    "With `include=owned_by`, the list of application keys has their owners in `included`, with `service_account`.",
    KEY_MANAGEMENT,
  ),

  // The exchange of the proof of a workload identity for an access token.
  "exchange-status": published("The exchange of a proof gets 200.", CLIENT),
  "exchange-expires": published("`expires` is the time in seconds since 1970, as a string.", CLIENT),
  "exchange-unknown-proof": published("A proof that is not valid gets 401.", CLIENT),
  "exchange-not-mapped": published(
    "A valid proof that is mapped to no user of the organization gets 403.",
    CLIENT,
  ),
  "access-token-accepted": assumed("The calls for connections accept the access token of an exchange."),

  // The list of organizations.
  "organizations-type": published("The list of organizations has the type `managed_orgs`."),
  "organizations-id": published(
    "The id of the list of organizations is the UUID of the calling organization.",
  ),
  "organizations-current": published(
    "In the list of organizations, `current_org` refers to the calling organization.",
  ),
  "organizations-managed": published(
    "In the list of organizations, `managed_orgs` is a list of references to organizations.",
  ),
  "organizations-included": published(
    "In the list of organizations, `included` has each organization with its name.",
  ),
  "organizations-disabled": published("The attribute `disabled` of an organization is true or false."),
  "organizations-filter": assumed(
    "`filter[name]` selects organizations by a part of the name, but keeps the caller in `included`.",
  ),

  // The rate limit.
  "rate-limit-headers": documented(
    "A response with one of the rate limit headers has all: limit, period, remaining, reset and name.",
    RATE_LIMITS,
  ),
  "rate-limit-reset": documented(
    "`X-RateLimit-Reset` is the count of seconds until the next period.",
    RATE_LIMITS,
  ),
};

/** The name of an assumption. */
export type AssumptionName = keyof typeof sources;

/**
 * What the sandbox does as Datadog is believed to do, each with its source. `npm run test:live` judges each of them against the
 * API.
 *
 * @example
 * const guesses = assumptions.filter(({ kind }) => kind === "assumed").map(({ name }) => name);
 */
export const assumptions: readonly Assumption[] = Object.entries<Source>(sources).map(([name, source]) => ({
  name,
  ...source,
}));
