import { existsSync, statSync } from "node:fs";
import * as v from "valibot";

/** Why a process could not be started, how it ended, or what it printed to standard error. */
const failureSchema = v.object({
  /** The exit code, or a code of Node.js. */
  code: v.optional(v.unknown()),
  signal: v.fallback(v.nullish(v.string()), undefined),
  stderr: v.fallback(v.optional(v.string(), ""), ""),
});

/** What to do if `pulumi` gives no reason, or prints something else than what was requested. */
export const CHECK_PULUMI = "Check whether the `pulumi` on PATH is the Pulumi CLI.";

/**
 * Describes why a run of `pulumi` failed, as the rest of a sentence that starts with the command. The description contains standard error,
 * but nothing of standard output, which may contain credentials.
 *
 * @param error - the error of `execFile`
 * @param cwd - the folder of the run
 */
export function describePulumiFailure(error: unknown, cwd: string): string {
  const { code, signal, stderr } = v.parse(v.fallback(failureSchema, { stderr: "" }), error);
  switch (code) {
    // Node.js has each of these codes for problems of PATH and of the folder.
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
    return `failed: it was stopped by the signal ${signal}. Run this command again.`;
  return `failed: it gave no reason (${typeof code === "string" ? code : `exit code ${String(code)}`}). ${CHECK_PULUMI}`;
}

function explainMissing(cwd: string): string {
  if (!existsSync(cwd)) return `the folder ${cwd} does not exist.`;
  if (!statSync(cwd).isDirectory()) return `${cwd} is not a folder. Pass the folder of the project.`;
  return "`pulumi` is not on PATH. Install the Pulumi CLI.";
}
