import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import {
  findProjectFile,
  findProjectFiles,
  readProjectName,
  readStackFile,
  type StackFile,
} from "datadog-org-connections-core/credentials/stack-file.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import * as v from "valibot";

/** How `pulumi` finds a stack: its name (such as `dev`), the folder of its project, and the environment variables. */
export interface SelectedStack {
  stack: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The maximum size of the output of `pulumi`. A state can be large. The message in pulumi-failure.ts repeats this size. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Exports the state of a stack with `pulumi stack export`. Secrets in it are encrypted. */
export const exportStack = (selected: SelectedStack): Promise<unknown> =>
  runPulumi(selected, ["stack", "export"]);

/**
 * Reads the configuration of a stack. Never print the result, because it contains credentials in plain text. The keys are full
 * names (`namespace:name`). Structured values are JSON strings.
 */
export async function readConfig(selected: SelectedStack): Promise<Record<string, string>> {
  const values = v.safeParse(configSchema, await runPulumi(selected, ["config", "--json", "--show-secrets"]));
  if (!values.success)
    throw new Error(
      `\`pulumi config --json --show-secrets --stack ${selected.stack}\` did not print the configuration of a stack. ${CHECK_PULUMI}`,
    );
  return Object.fromEntries(
    Object.entries(values.output).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

const configSchema = v.record(v.string(), v.object({ value: v.fallback(v.optional(v.string()), undefined) }));

/** Returns the URL of the backend, such as `file:///home/me`. */
export async function readBackendUrl(selected: Omit<SelectedStack, "stack">): Promise<string> {
  const printed = await runPulumi(selected, ["whoami", "--verbose", "--json"]);
  return v.parse(v.object({ url: v.string() }), printed).url;
}

/** Lists the stacks of the project. `updateInProgress` is only known to Pulumi Cloud. */
export const listStacks = async (selected: Omit<SelectedStack, "stack">) =>
  v.parse(
    v.array(v.object({ name: v.string(), updateInProgress: v.optional(v.boolean()) })),
    await runPulumi(selected, ["stack", "ls", "--json"]),
  );

async function runPulumi(
  { stack, cwd, env }: Omit<SelectedStack, "stack"> & { stack?: string },
  command: string[],
): Promise<unknown> {
  const args = [...command, ...(stack === undefined ? [] : [`--stack=${stack}`]), "--non-interactive"];
  const what = `\`pulumi ${command.join(" ")}${stack === undefined ? "" : ` --stack ${stack}`}\``;
  const stdout = await readOutput(args, { cwd, env }).catch((error: unknown) => {
    throw new Error(`${what} ${describePulumiFailure(error, cwd)}`, { cause: error });
  });
  const printed = parseJson(stdout);
  // Do not quote standard output in the message, because it may contain credentials.
  if (printed === undefined)
    throw new Error(`${what} failed: its standard output is not JSON. ${CHECK_PULUMI}`);
  return printed;
}

async function readOutput(args: string[], { cwd, env }: Omit<SelectedStack, "stack">): Promise<string> {
  // For some failures, such as a `cwd` that is not a folder, `execFile` throws synchronously. Because this function is async, its
  // caller always gets a rejected promise.
  const running = promisify(execFile)("pulumi", args, {
    cwd,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  // If this command is stopped, stop `pulumi` too, because `pulumi` may wait for a backend that does not respond.
  const kill = () => void running.child.kill();
  process.once("exit", kill);
  try {
    return (await running).stdout;
  } finally {
    process.off("exit", kill);
  }
}

/** The error of `execFile`, whether or not the process was started. */
const failureSchema = v.object({
  /** The exit code, or an error code of Node.js. */
  code: v.optional(v.unknown()),
  signal: v.fallback(v.nullish(v.string()), undefined),
  stderr: v.fallback(v.optional(v.string(), ""), ""),
});

/** What to do if `pulumi` fails and reports no reason, or if it prints something unexpected. */
const CHECK_PULUMI = "Check whether the `pulumi` on PATH is the Pulumi CLI.";

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

/**
 * Finds and reads the configuration file of a stack.
 *
 * @param cwd - the folder of the project, or a folder below it
 * @param project - the required name of the project. Default: any name
 * @returns `undefined` if the project file is missing, cannot be read, has no name, or belongs to another project
 * @throws if the user has no permission to open the folder
 */
export function findStackFile(stack: string, cwd: string, project?: string): StackFile | undefined {
  const [projectFile] = findProjectFiles(cwd);
  if (projectFile === undefined) return undefined;
  return readStackFile(projectFile, stack, project);
}

/** Finds the name of the project in a folder. Returns `undefined` if the project file is missing, unreadable or without a name. */
export function findProjectName(folder: string): string | undefined {
  const projectFile = findAccessibleProjectFile(folder);
  return projectFile === undefined ? undefined : readProjectName(projectFile);
}

function findAccessibleProjectFile(folder: string): string | undefined {
  try {
    return findProjectFile(folder);
  } catch {
    // For example, the user has no permission to open the folder.
    return undefined;
  }
}
