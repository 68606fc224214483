import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as v from "valibot";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { CHECK_PULUMI, describePulumiFailure } from "./pulumi-failure.js";

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
