import { existsSync, statSync } from "node:fs";
import * as v from "valibot";

/** The error of `execFile`, whether or not the process was started. */
const failureSchema = v.object({
  /** The exit code, or an error code of Node.js. */
  code: v.optional(v.unknown()),
  signal: v.fallback(v.nullish(v.string()), undefined),
  stderr: v.fallback(v.optional(v.string(), ""), ""),
});

/** What to do if `pulumi` fails and reports no reason, or if it prints something unexpected. */
export const CHECK_PULUMI = "Check whether the `pulumi` on PATH is the Pulumi CLI.";

/**
 * Describes why `pulumi` failed, as the end of a sentence that starts with the command. The description may quote standard error.
 * It never quotes standard output, which may contain credentials.
 *
 * @param error - the error of `execFile`
 * @param cwd - the working directory of `pulumi`
 */
export function describePulumiFailure(error: unknown, cwd: string): string {
  const { code, signal, stderr } = v.parse(v.fallback(failureSchema, { stderr: "" }), error);
  switch (code) {
    // Node.js uses the codes ENOENT, ENOTDIR and EACCES both for a problem with PATH and for a problem with the folder.
    case "ENOENT":
    case "ENOTDIR":
      return `was not run: ${explainMissing(cwd)}`;
    case "EACCES":
      return `was not run: the \`pulumi\` on PATH is not executable, or the folder ${cwd} is not accessible (EACCES). Change the permissions.`;
    case "ERR_CHILD_PROCESS_STDIO_MAXBUFFER":
      return `failed: it printed more than 512 MiB, which is the maximum. ${CHECK_PULUMI}`;
  }
  const reason = stderr.trim().replace(/^error: /, "");
  if (reason !== "") return `failed: ${reason}`;
  if (typeof signal === "string")
    return `failed: it was stopped by the signal ${signal}. Run \`datadog-org-connections\` again.`;
  return `failed: it gave no reason (${typeof code === "string" ? code : `exit code ${String(code)}`}). ${CHECK_PULUMI}`;
}

function explainMissing(cwd: string): string {
  if (!existsSync(cwd)) return `the folder ${cwd} does not exist. Pass the folder of the project.`;
  if (!statSync(cwd).isDirectory()) return `${cwd} is not a folder. Pass the folder of the project.`;
  return "`pulumi` is not on PATH. Install the Pulumi CLI.";
}
