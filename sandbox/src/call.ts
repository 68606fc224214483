import type {
  WireAccessToken,
  WireApiKeyValid,
  WireApplicationKeys,
  WireConnectionResponse,
  WireConnectionList,
  WireErrors,
  WireKeysValid,
  WireManagedOrganizations,
} from "datadog-org-connections-core/api/wire.js";
import type { FaultAction } from "./fault.js";
import type { SandboxOrganization } from "./organizations.js";
import type { RouteMatch } from "./route-match.js";
import type { SentCredentials } from "./sent-credentials.js";
import type { SentinelFaults } from "./sentinels.js";
import type { Grant } from "./state-file.js";
import type { Store } from "./store.js";

/** The result of a handler: a response, or the failure of a sentinel. */
export type Outcome = SandboxResponse | FaultAction;

/** A request, before the sandbox has checked its credentials. */
export interface Call {
  match: RouteMatch;
  caller: Identified;
  /** The credentials of the request. They are never logged. */
  sent: SentCredentials;
  query: URLSearchParams;
  /** The parsed JSON, or `undefined` if the request has no valid JSON. */
  body: unknown;
}

/** A request from a known organization with the required permission. */
export interface ApiCall {
  caller: SandboxOrganization;
  /** The rights of the access token that the exchange issues. Empty for other calls. */
  grant: Grant;
  query: URLSearchParams;
  /** The ID in the path, in lower case. Empty if the route has none. */
  connectionId: string;
}

/** The part of the sandbox that handlers use. */
export interface HandlerContext {
  store: Store;
  sentinels: SentinelFaults;
  tokenLifetimeSeconds: number;
}

/** The calling organization, or the response that refuses the call. */
export type Identified =
  | { organization: SandboxOrganization; grant: Grant; refusal?: never }
  | { organization?: never; grant?: never; refusal: SandboxResponse };

/** Creates the result for a caller that is refused. */
export const refuseCaller = (status: 401 | 403, message: string): Identified => ({
  refusal: createErrorResponse(status, message),
});

/** Returns the organization with the user and the permissions of the grant. */
export const applyGrant = (
  organization: SandboxOrganization,
  { user, scopes }: Grant,
): SandboxOrganization => ({
  ...organization,
  user: user ?? organization.user,
  permissions: scopes ?? organization.permissions,
});

/**
 * Every body that the imitated API can return, so that a body of another shape does not compile. `{}` is the body of a
 * delete (OpenAPI specification).
 */
type ResponseBody =
  | WireConnectionList
  | WireConnectionResponse
  | WireManagedOrganizations
  | WireApiKeyValid
  | WireKeysValid
  | WireApplicationKeys
  | WireAccessToken
  | WireErrors
  | Record<string, never>;

/** A response of the imitated API. */
export interface SandboxResponse {
  status: number;
  body: ResponseBody;
  headers?: Record<string, string>;
}

/** Creates an error response. All recorded errors have this form. */
export function createErrorResponse(status: number, message: string): SandboxResponse {
  return { status, body: { errors: [message] } };
}

/**
 * Creates the response that is recorded for a PATCH with a repeated type. Assumption: every other malformed parameter
 * or body gets the same response.
 */
export function createInvalidInputResponse(): SandboxResponse {
  return createErrorResponse(400, "Validation failed for input.");
}
