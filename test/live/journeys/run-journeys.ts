import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { CommandFailed } from "../../../tools/run-command.mjs";
import { deleteLeftovers } from "../gateway/clean-up.js";
import type { JourneyName } from "../inputs/options.js";
import { LiveError } from "../live-error.js";
import { runClientJourney } from "./client-journey.js";
import { runDoctorJourney } from "./doctor-journey.js";
import { JourneyFailed, type JourneyContext, type JourneyResult } from "./journey.js";
import { runPulumiJourney } from "./pulumi-journey.js";

const journeys: Record<JourneyName, (context: JourneyContext) => Promise<void>> = {
  client: runClientJourney,
  doctor: runDoctorJourney,
  dynamic: (context) => runPulumiJourney(context, "dynamic"),
  plugin: (context) => runPulumiJourney(context, "plugin"),
};

/**
 * Runs journeys one after another. A journey that fails leaves no connection to the next one.
 *
 * @param refuted - the refuted assumptions, which may be why a journey fails
 */
export async function runJourneys(
  names: readonly JourneyName[],
  context: JourneyContext,
  refuted: readonly string[],
): Promise<JourneyResult[]> {
  const results: JourneyResult[] = [];
  for (const name of names) {
    if (context.run.gateway.refusals.length > 0) {
      results.push({ name, result: "not run", why: "the gateway has ended the run" });
      continue;
    }
    context.logLine(`Journey: ${name} …`);
    results.push(await runJourney(name, context, refuted));
  }
  return results;
}

async function runJourney(
  name: JourneyName,
  context: JourneyContext,
  refuted: readonly string[],
): Promise<JourneyResult> {
  try {
    await journeys[name](context);
    return { name, result: "passed", why: "" };
  } catch (error) {
    const problem = explainFailure(error, context);
    const cause = refuted.length === 0 ? "" : `, perhaps because of ${refuted.join(", ")}`;
    // If something is left now, the cleanup at the end of the run reports it.
    await deleteLeftovers(context.run).catch(() => undefined);
    return { name, result: "failed", why: `${problem}${cause}` };
  }
}

/** Explains a failure without ids. What a command has printed goes to the log, not to the verdict. */
function explainFailure(error: unknown, { logLine }: JourneyContext): string {
  if (error instanceof CommandFailed) {
    for (const line of error.getExcerpt()) logLine(`  | ${line}`);
    return `${error.reason}; its output is above`;
  }
  if (isOrgConnectionsError(error)) {
    logLine(`  | ${error.message}`);
    return `the client failed with the code ${error.code}`;
  }
  if (error instanceof JourneyFailed || error instanceof LiveError) return error.message;
  throw error;
}
