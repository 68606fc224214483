import path from "node:path";
import * as v from "valibot";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { CommandFailed, runCommand } from "../../../tools/run-command.mjs";
import { deleteLeftovers } from "../gateway/prepare-run.js";
import { type JourneyName, LiveError, SOURCE } from "../inputs.js";
import {
  expectConnected,
  expectDisconnected,
  expectThat,
  type JourneyContext,
  JourneyFailed,
  type JourneyResult,
} from "./journey.js";
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

/** The life of a connection through the client of the packages, with its parsing, retries and proofs. */
async function runClientJourney({ env, probes, logLine }: JourneyContext): Promise<void> {
  const sessions = new Sessions(() => ({ config: () => undefined, env }), logLine);
  const session = sessions.getSession(SOURCE);
  const { sinkOrgId, sourceOrgId } = probes.evidence;
  const { callerId } = await session.write((client) => client.listOrganizations());
  expectThat(callerId === sourceOrgId, "the list of organizations has another current organization");

  const created = await session.write((client) => client.create(sinkOrgId, ["logs"]));
  await expectConnected(probes, ["logs"], "after a create");
  const { connections } = await session.write((client) => client.list({ provesAbsence: true }));
  expectThat(
    connections.some(({ id }) => id === created.id),
    "the client's list lacks the connection",
  );

  await session.write((client) => client.update(created.id, ["metrics"]));
  await expectConnected(probes, ["metrics"], "after an update");
  await session.write((client) => client.delete(created.id));
  await expectDisconnected(probes, "after a delete");
  const again = session.write((client) => client.delete(created.id));
  const code = await again.then(
    () => "success",
    (error: unknown) => (isOrgConnectionsError(error) ? error.code : "another error"),
  );
  expectThat(code === "not-found", `the second delete ends with ${code}`);
}

const diagnosisSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    organizations: v.array(
      v.object({ checks: v.array(v.object({ check: v.string(), verdict: v.string() })) }),
    ),
  }),
);

/** `doctor` finds no problem in both organizations. */
async function runDoctorJourney({ env, root, logLine }: JourneyContext): Promise<void> {
  const main = path.join(root, "cli/dist/main.js");
  const options = { cwd: root, env: { ...env }, timeoutMs: 120_000 };
  const output = await runCommand(process.execPath, [main, "doctor", "--format", "json"], options).catch(
    // With a problem, also of the program in this folder, its exit code is 1.
    (error: unknown) => {
      if (error instanceof CommandFailed) return error.output;
      throw error;
    },
  );
  const parsed = v.safeParse(diagnosisSchema, output.slice(output.indexOf("{")));
  expectThat(parsed.success, "doctor did not print a diagnosis");
  const { organizations } = parsed.output;
  const problems = organizations.flatMap(({ checks }) =>
    checks.filter(({ verdict }) => verdict === "problem").map(({ check }) => check),
  );
  if (problems.length > 0) logLine(output);
  expectThat(organizations.length === 2, `doctor found ${organizations.length} organizations instead of two`);
  expectThat(problems.length === 0, `doctor reports a problem: ${problems.join(", ")}`);
}
