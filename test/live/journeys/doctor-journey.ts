import path from "node:path";
import * as v from "valibot";
import { CommandFailed, runCommand } from "../../../tools/run-command.mjs";
import { expectThat, type JourneyContext } from "./journey.js";

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
export async function runDoctorJourney({ env, root, logLine }: JourneyContext): Promise<void> {
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
