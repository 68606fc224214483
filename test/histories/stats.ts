/** The counts of all histories in one process. */
export class Stats {
  histories = 0;
  operations = 0;
  recoveries = 0;
  interruptions = 0;
  calls = 0;
  /** Successful steps that were compared with the live connections. */
  successesChecked = 0;
  readonly moves: Record<string, number> = {};
  /** Requests that a fault affected, by kind of fault. */
  readonly faults: Record<string, number> = {};
  /** Errors of lifecycle calls, by code. */
  readonly errors: Record<string, number> = {};
  /** How often the checks allowed an exception, by kind. */
  readonly exceptions: Record<string, number> = {};

  count(of: "moves" | "faults" | "errors" | "exceptions", name: string, by = 1): void {
    if (by > 0) this[of][name] = (this[of][name] ?? 0) + by;
  }

  /** Converts the counts to the JSON of a report. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }
}
