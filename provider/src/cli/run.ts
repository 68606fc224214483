import type { Command, CommandContext } from "./command.js";

const commands: Record<string, Command> = {
  sandbox: {
    summary: "start a local imitation of the API, with made-up organizations and keys",
    load: async () => (await import("./sandbox-command.js")).runSandbox,
  },
};

/** The text of `org-connections --help`. */
function usage(): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${commands[name]?.summary ?? ""}`);
  return [
    "Usage: org-connections <command> [options]",
    "",
    "Commands:",
    ...lines,
    "",
    "org-connections <command> --help tells the options of one command.",
    "",
  ].join("\n");
}

/** Runs the command that the arguments name, and returns the exit code. */
export async function run(args: string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    context.stdout.write(usage());
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    context.stderr.write(name === undefined ? usage() : `unknown command "${name}"\n\n${usage()}`);
    return 2;
  }
  const runCommand = await command.load();
  return runCommand(rest, context);
}
