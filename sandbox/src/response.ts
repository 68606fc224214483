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
