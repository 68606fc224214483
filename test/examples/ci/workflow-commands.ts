/** A line of a log that a runner of GitHub executes. */
export interface WorkflowCommand {
  name: string;
  properties: string;
  value: string;
}

/** The commands of the runner (actions/runner, `src/Runner.Worker/ActionCommandManager.cs`). */
const NAMES = [
  ...["add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice"],
  ...["remove-matcher", "save-state", "set-env", "set-output", "warning"],
];
const STOP = "stop-commands";

/**
 * Parses the commands in the output of a step. The runner reads both streams concurrently and executes each
 * line immediately. Therefore, assume the worst order, in which standard output does not stop commands on
 * standard error.
 */
export function parseWorkflowCommands({
  stdout,
  stderr,
}: {
  stdout: string;
  stderr: string;
}): WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let resume: string | undefined;
  for (const line of `${stderr}\n${stdout}`.split(/\r\n|\n|\r/)) {
    const command = parseLine(line, resume === undefined ? [STOP, ...NAMES] : [resume]);
    if (!command) continue;
    if (command.name === STOP) {
      if (command.value.length < 16) throw new Error(`the token "${command.value}" can be guessed`);
      resume = command.value.toLowerCase();
    } else if (command.name === resume) resume = undefined;
    else commands.push(command);
  }
  return commands;
}

/** `::name properties::value` at the beginning of a line, or `##[name properties]value` anywhere in it. */
function parseLine(line: string, names: readonly string[]): WorkflowCommand | undefined {
  for (const form of [/^\s*::([^: ]+)(?: ([^]*?))?::(.*)$/, /##\[([^\] ]+)(?: ([^\]]*))?\](.*)$/]) {
    const [, name = "", properties = "", value = ""] = form.exec(line) ?? [];
    if (names.includes(name.toLowerCase())) return { name: name.toLowerCase(), properties, value };
  }
  return undefined;
}
