import { parseArgs } from "node:util";
import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import { isAssumptionName } from "../deviations/index.js";
import { LiveError } from "../live-error.js";

/** The journeys, in the order in which they run. */
const JOURNEYS = ["client", "doctor", "dynamic", "plugin"] as const;
export type JourneyName = (typeof JOURNEYS)[number];

/** The options of `npm run test:live`. */
export interface LiveOptions {
  /** Whether to start a sandbox and test it, instead of Datadog. */
  sandbox: boolean;
  /** The assumption that the sandbox inverts. */
  deviate: AssumptionName | undefined;
  journeys: readonly JourneyName[];
  /** The folder for the verdict as `verdict.md` and `verdict.json`. */
  report: string | undefined;
  /** The file that names what the run has to delete. */
  journal: string;
  /** The file for the recorded exchanges. */
  record: string | undefined;
  maxRequests: number;
  /** How long requests are sent, in minutes. */
  minutes: number;
}

/** Parses the command line. @throws {@link LiveError} */
export function parseOptions(args: readonly string[]): LiveOptions {
  const values = parse(args);
  const { deviate } = values;
  if (deviate !== undefined && !isAssumptionName(deviate))
    throw new LiveError(
      `--deviate ${deviate}: there is no such assumption. sandbox/src/assumptions.ts lists their names.`,
    );
  return {
    // Only our own sandbox can invert an assumption.
    sandbox: values.sandbox || deviate !== undefined,
    deviate,
    journeys: parseJourneys(values.journeys),
    report: values.report,
    journal: values.journal,
    record: values.record,
    maxRequests: parseCount("--max-requests", values["max-requests"]),
    minutes: parseCount("--minutes", values.minutes),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sandbox: { type: "boolean", default: false },
        deviate: { type: "string" },
        journeys: { type: "string", default: JOURNEYS.join(",") },
        report: { type: "string" },
        journal: { type: "string", default: ".local/live/journal.json" },
        record: { type: "string" },
        "max-requests": { type: "string", default: "600" },
        minutes: { type: "string", default: "10" },
      },
    }).values;
  } catch (error) {
    throw new LiveError(error instanceof Error ? error.message : String(error));
  }
}

function parseJourneys(text: string): JourneyName[] {
  if (text === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !JOURNEYS.some((known) => known === name));
  if (unknown.length > 0)
    throw new LiveError(`--journeys ${unknown.join(",")}: the journeys are ${JOURNEYS.join(", ")}; or none.`);
  return JOURNEYS.filter((name) => names.includes(name));
}

function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new LiveError(`${option} ${text}: it must be a whole number above 0.`);
  return Number(text);
}
