import path from "node:path";
import type { CommandContext } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import type { OutputOptions } from "../../shared/output-options.js";
import { selectLayout } from "../../shared/terminal.js";
import { formatJson } from "../../shared/text.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { diagnose } from "./diagnose.js";
import { parseSites } from "./key-checks.js";
import { formatDiagnosis, selectProblems } from "./text.js";

export type Format = "text" | "json";

/** The options of `doctor`. */
export interface DoctorOptions extends OutputOptions<Format> {
  stack: string[];
  cwd?: string;
  trySites?: string[];
  readOnly?: true;
  problems?: true;
}

/** Writes the diagnosis, and returns the exit code. */
export async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<number> {
  const write = prepareOutput(options, context);
  const { trySites } = options;
  const diagnosis = await diagnose(
    { stacks: options.stack, cwd: path.resolve(context.cwd, options.cwd ?? ".") },
    {
      ...(trySites && { trySites: parseSites(trySites) }),
      readOnly: options.readOnly ?? false,
    },
    context,
  );
  const shown = options.problems ? selectProblems(diagnosis) : diagnosis;
  write(
    options.format === "json"
      ? `${formatJson(shown, 2)}\n`
      : formatDiagnosis(shown, selectLayout(options, context)),
  );
  const checks = [
    ...diagnosis.program,
    ...diagnosis.organizations.flatMap(({ checks: organizationChecks }) => organizationChecks),
  ];
  return checks.some(({ verdict }) => verdict === "problem") ? EXIT.findings : EXIT.ok;
}
