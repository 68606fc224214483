import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as v from "valibot";

/** A stack as its user names it: `dev`, and the folder of its project. */
export interface StackPlace {
  stack: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** A Pulumi state can be large; more than this is none. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The state of a stack: what `pulumi stack export` prints, parsed. Keys are encrypted in it. */
export const exportStack = (place: StackPlace): Promise<unknown> => ask(place, ["stack", "export"]);

/**
 * The configuration of a stack in plain text, keys included: never print it. By full key, `namespace:name`;
 * structured values are JSON text.
 */
export async function readConfig(place: StackPlace): Promise<Record<string, string>> {
  const values = v.safeParse(config, await ask(place, ["config", "--json", "--show-secrets"]));
  if (!values.success)
    throw new Error(`\`pulumi config --json --stack ${place.stack}\` printed no configuration of a stack.`);
  return Object.fromEntries(
    Object.entries(values.output).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

const config = v.record(v.string(), v.object({ value: v.fallback(v.optional(v.string()), undefined) }));
/** Why a process could not be run, or what it said on standard error. */
const failure = v.object({
  code: v.optional(v.unknown()),
  stderr: v.fallback(v.optional(v.string(), ""), ""),
});

async function ask({ stack, cwd, env }: StackPlace, command: string[]): Promise<unknown> {
  const args = [...command, `--stack=${stack}`, "--non-interactive"];
  const what = `\`pulumi ${command.join(" ")} --stack ${stack}\``;
  const running = promisify(execFile)("pulumi", args, {
    cwd,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    maxBuffer: MOST_BYTES,
  });
  // A command that is stopped takes it along: it may wait for a backend that does not answer.
  const kill = () => void running.child.kill();
  process.once("exit", kill);
  try {
    const { stdout } = await running;
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    const { code, stderr } = v.parse(v.fallback(failure, { stderr: "" }), error);
    if (code === "ENOENT") {
      throw new Error(`${what} was not run: there is no \`pulumi\` on PATH. Install the Pulumi CLI.`, {
        cause: error,
      });
    }
    const said = stderr.trim().replace(/^error: /, "");
    throw new Error(`${what} failed${said === "" ? "" : `: ${said}`}`, { cause: error });
  } finally {
    process.off("exit", kill);
  }
}
