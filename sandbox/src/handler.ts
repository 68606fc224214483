import type { FaultAction } from "./fault.js";
import type { Grant, Identified } from "./identified.js";
import type { SandboxResponse } from "./response.js";
import type { RouteMatch } from "./route-match.js";
import type { SandboxOrganization } from "./seed.js";
import type { SentCredentials } from "./sent-credentials.js";
import type { SentinelFaults } from "./sentinels.js";
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
