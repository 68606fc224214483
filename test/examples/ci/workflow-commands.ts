/** A line of a log that a runner of GitHub obeys. */
export interface WorkflowCommand {
  name: string;
  properties: string;
  value: string;
}

/** Those of the runner (actions/runner, `src/Runner.Worker/ActionCommandManager.cs`). */
const NAMES = [
  ...["add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice"],
  ...["remove-matcher", "save-state", "set-env", "set-output", "warning"],
];
const STOP = "stop-commands";

/**
 * The commands in what a step printed. The runner reads both streams at the same time, and obeys a line as soon as it
 * comes; so the order is the worst one, in which nothing on standard output has stopped what is on standard error.
 */
export function workflowCommands({ stdout, stderr }: { stdout: string; stderr: string }): WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let resume: string | undefined;
  for (const line of `${stderr}\n${stdout}`.split(/\r\n|\n|\r/)) {
    const command = parse(line, resume === undefined ? [STOP, ...NAMES] : [resume]);
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
function parse(line: string, names: readonly string[]): WorkflowCommand | undefined {
  for (const form of [/^\s*::([^: ]+)(?: ([^]*?))?::(.*)$/, /##\[([^\] ]+)(?: ([^\]]*))?\](.*)$/]) {
    const [, name = "", properties = "", value = ""] = form.exec(line) ?? [];
    if (names.includes(name.toLowerCase())) return { name: name.toLowerCase(), properties, value };
  }
  return undefined;
}
