import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import * as v from "valibot";

/** How `pulumi` finds a stack: its name, such as `dev`, the folder of its project, and the environment. */
export interface SelectedStack {
  stack: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The maximum size of what `pulumi` prints. A state can be large. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Exports the state of a stack with `pulumi stack export`. Secrets in it are encrypted. */
export const exportStack = (selected: SelectedStack): Promise<unknown> =>
  runPulumi(selected, ["stack", "export"]);

/**
 * Reads the configuration of a stack in plain text, credentials included: never print it. Each value has its full name,
 * `namespace:name`; structured values are JSON text.
 */
export async function readConfig(selected: SelectedStack): Promise<Record<string, string>> {
  const values = v.safeParse(configSchema, await runPulumi(selected, ["config", "--json", "--show-secrets"]));
  if (!values.success)
    throw new Error(
      `\`pulumi config --json --stack ${selected.stack}\` did not print the configuration of a stack.`,
    );
  return Object.fromEntries(
    Object.entries(values.output).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

const configSchema = v.record(v.string(), v.object({ value: v.fallback(v.optional(v.string()), undefined) }));
/** Why a process could not be started, or what it printed to standard error. */
const failureSchema = v.object({
  code: v.optional(v.unknown()),
  stderr: v.fallback(v.optional(v.string(), ""), ""),
});

async function runPulumi({ stack, cwd, env }: SelectedStack, command: string[]): Promise<unknown> {
  const args = [...command, `--stack=${stack}`, "--non-interactive"];
  const what = `\`pulumi ${command.join(" ")} --stack ${stack}\``;
  const running = promisify(execFile)("pulumi", args, {
    cwd,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  // If this command is stopped, stop `pulumi` too: it may wait for a backend that does not respond.
  const kill = () => void running.child.kill();
  process.once("exit", kill);
  try {
    const { stdout } = await running;
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    const { code, stderr } = v.parse(v.fallback(failureSchema, { stderr: "" }), error);
    // Node.js has this code if `pulumi` is not on PATH, and if the folder does not exist.
    if (code === "ENOENT") {
      const problem = existsSync(cwd)
        ? "`pulumi` is not on PATH. Install the Pulumi CLI."
        : `the folder ${cwd} does not exist.`;
      throw new Error(`${what} was not run: ${problem}`, { cause: error });
    }
    const reason = stderr.trim().replace(/^error: /, "");
    throw new Error(`${what} failed${reason === "" ? "" : `: ${reason}`}`, { cause: error });
  } finally {
    process.off("exit", kill);
  }
}
