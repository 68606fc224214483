import type { FaultAction } from "./fault.js";
import type { Grant } from "./identified.js";
import type { SandboxResponse } from "./response.js";
import type { SandboxOrganization } from "./seed.js";
import type { SentinelFaults } from "./sentinels.js";
import type { Store } from "./store.js";

/** The result of a handler: a response, or the failure of a sentinel. */
export type Outcome = SandboxResponse | FaultAction;

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
