/** What the histories of one process came to. */
export class Stats {
  histories = 0;
  operations = 0;
  recoveries = 0;
  interruptions = 0;
  calls = 0;
  /** Steps whose success was compared with what is live. */
  successesChecked = 0;
  readonly moves: Record<string, number> = {};
  /** Requests met, by kind of fault. */
  readonly faults: Record<string, number> = {};
  /** Errors of lifecycle calls, by code. */
  readonly errors: Record<string, number> = {};
  /** Where the model tolerates something, and how often it did. */
  readonly exceptions: Record<string, number> = {};

  count(of: "moves" | "faults" | "errors" | "exceptions", name: string, by = 1): void {
    if (by > 0) this[of][name] = (this[of][name] ?? 0) + by;
  }

  /** As a report holds it. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }
}
