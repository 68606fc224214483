import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import type { AuthLocation, CredentialKind } from "./sent-credentials.js";

/** One request to the imitated API, without credentials and body. */
export interface LoggedRequest {
  /** The sequence number in order of arrival, from 1. Clearing the log does not reset it. */
  readonly number: number;
  /** The time of arrival as an ISO date, from the clock of the sandbox. */
  readonly at: string;
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** Missing if the response is 501. */
  readonly route?: RouteName;
  /** The query parameters, with empty strings as the values of keys. */
  readonly query: Readonly<Record<string, string>>;
  /** The key of the calling organization. Missing if its credentials or its proof were refused. */
  readonly organization?: string;
  /** The destination organization, from the body of a create, the filter of a list, or the connection in the path. */
  readonly sinkOrgId?: string;
  /** The connection in the path, in lower case. */
  readonly connectionId?: string;
  /** Where the request carried its keys. */
  readonly auth: AuthLocation;
  readonly credentials: CredentialKind;
  /** The status of the response. Missing if no response has been sent. */
  readonly status?: number;
  /** Milliseconds since 1970, from the monotonic clock of the machine, even if the sandbox has another clock. */
  readonly startedAt: number;
  /** When the response was sent or the socket was closed, from the same clock. */
  readonly endedAt?: number;
}

/** An entry whose request is not finished. */
export type OpenLogEntry = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

const CREDENTIAL_PARAMETERS = ["api_key", "application_key"];
/** More than any test needs. A sandbox that runs for days drops the oldest entries. */
const MAX_ENTRIES = 50_000;

/** The log of requests, oldest first. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  #count = 0;

  /** Adds a request. */
  add(entry: Omit<OpenLogEntry, "number">): OpenLogEntry {
    const open = { number: ++this.#count, ...entry };
    this.entries.push(open);
    if (this.entries.length > MAX_ENTRIES) this.entries.splice(0, MAX_ENTRIES / 2);
    return open;
  }

  /** Removes all entries. */
  clear(): void {
    this.entries.length = 0;
  }
}

/** Returns the parameters of a query. The values of keys are replaced by empty strings. */
export function redactQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].map(([name, value]) => [
      name,
      CREDENTIAL_PARAMETERS.includes(name.toLowerCase()) ? "" : value,
    ]),
  );
}

/** Reads the monotonic clock of the machine, in milliseconds since 1970. */
export function readMonotonicClock(): number {
  return performance.timeOrigin + performance.now();
}
