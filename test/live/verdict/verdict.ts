import type { JudgedAssumption } from "../judgments/judges.js";
import type { JourneyResult } from "../journeys/journey.js";

/** The result of a run. It has no name of an organization or a user, no id and no credential. */
export interface Verdict {
  /** Where the API is: Datadog's site, or `another address`. */
  target: string;
  /** When the run started, as an ISO date. */
  startedAt: string;
  assumptions: readonly JudgedAssumption[];
  journeys: readonly JourneyResult[];
  /** Why the run ended before its end. Missing if it did not. */
  stopReason?: string | undefined;
  /** Why connections of the run may be left. Missing if none is. */
  leftBehind?: string | undefined;
}

/** Whether nothing was refuted, each journey passed, and nothing is left. */
export const isPassed = ({ assumptions, journeys, stopReason, leftBehind }: Verdict): boolean =>
  assumptions.every(({ judgment }) => judgment.verdict !== "refuted") &&
  journeys.every(({ result }) => result === "passed") &&
  stopReason === undefined &&
  leftBehind === undefined;

/** Lists the names of the refuted assumptions. */
export const listRefuted = ({ assumptions }: Pick<Verdict, "assumptions">): string[] =>
  assumptions.flatMap(({ assumption, judgment }) =>
    judgment.verdict === "refuted" ? [assumption.name] : [],
  );

/** Formats what was seen, or why nothing was. */
export function formatObserved({ judgment }: JudgedAssumption): string {
  switch (judgment.verdict) {
    case "confirmed":
      return "";
    case "refuted":
      return judgment.observed;
    case "not seen":
      return judgment.reason;
  }
}

/** Formats the counts of all verdicts. */
export function formatCounts({ assumptions }: Verdict): string {
  const count = (verdict: string) =>
    assumptions.filter(({ judgment }) => judgment.verdict === verdict).length;
  return `${count("confirmed")} confirmed, ${count("refuted")} refuted, ${count("not seen")} not seen`;
}
