import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import type { AuthForm } from "./access.js";

/** One request to the imitated API. Never a key, never a body. */
export interface LoggedRequest {
  /** From 1, in the order of arrival; it goes on counting when the log is cleared. */
  readonly number: number;
  /** ISO date by the sandbox's clock. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** Missing for what is answered 501. */
  readonly route?: RouteName;
  /** The query, keys blanked. */
  readonly query: Readonly<Record<string, string>>;
  /** The key of the calling organization; missing when its keys were refused. */
  readonly organization?: string;
  /** The sink in the body of a create, in the filter of a list, or of the connection in the path. */
  readonly sinkOrgId?: string;
  readonly connectionId?: string;
  readonly auth: AuthForm;
  /** Missing while there is no answer, and for ever when there was none. */
  readonly status?: number;
  /** Milliseconds since 1970 by the machine's steady clock, whatever clock the sandbox was given. */
  readonly startedAt: number;
  /** The same clock, when the answer was handed over or the connection ended. */
  readonly endedAt?: number;
}

/** An entry while its request is under way. */
export type OpenEntry = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

const KEY_PARAMETERS = ["api_key", "application_key"];
/** More than any test makes; a sandbox that runs for days forgets the oldest. */
const MOST_ENTRIES = 50_000;

/** What was asked, oldest first. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  #count = 0;

  /** Adds one. */
  begin(entry: Omit<OpenEntry, "number">): OpenEntry {
    const open = { number: ++this.#count, ...entry };
    this.entries.push(open);
    if (this.entries.length > MOST_ENTRIES) this.entries.splice(0, MOST_ENTRIES / 2);
    return open;
  }

  /** Forgets all. */
  clear(): void {
    this.entries.length = 0;
  }
}

/** A query without its keys. */
export function blankKeys(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, KEY_PARAMETERS.includes(name.toLowerCase()) ? "" : value]),
  );
}

/** The machine's steady clock, in milliseconds since 1970. */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
