import type {
  WireApiKeyValid,
  WireApplicationKeys,
  WireConnectionAnswer,
  WireConnectionList,
  WireErrors,
  WireKeysValid,
  WireManagedOrganizations,
} from "datadog-org-connections-core/api/wire.js";
import type { FaultAction } from "./fault.js";
import type { SandboxOrganization } from "./seed.js";
import type { SentinelMemory } from "./sentinels.js";
import type { Store } from "./store.js";

/** Every body the imitated API can have; `{}` is that of a delete (S). A wrong shape does not compile. */
type ApiBody =
  | WireConnectionList
  | WireConnectionAnswer
  | WireManagedOrganizations
  | WireApiKeyValid
  | WireKeysValid
  | WireApplicationKeys
  | WireErrors
  | Record<string, never>;

/** An answer of the imitated API. */
export interface Answer {
  status: number;
  body: ApiBody;
  headers?: Record<string, string>;
}

/** What a handler decides: an answer, or a sentinel's failure. */
export type Outcome = Answer | FaultAction;

/** A request whose caller is known and may do what it asks for. */
export interface ApiCall {
  caller: SandboxOrganization;
  query: URLSearchParams;
  /** As in the path; lower case, empty when the route takes none. */
  connectionId: string;
}

/** What handlers work on. */
export interface HandlerContext {
  store: Store;
  sentinels: SentinelMemory;
}

/** A failure in the only form that was ever recorded (R). */
export function failure(status: number, text: string): Answer {
  return { status, body: { errors: [text] } };
}

/**
 * The text of a recorded failure (R: patch with a repeated type). Assumption: every other malformed parameter or body
 * gets it too.
 */
export function invalidInput(): Answer {
  return failure(400, "Validation failed for input.");
}
