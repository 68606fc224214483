import { spawnSync } from "node:child_process";

/**
 * Splits a shell script into its commands: each is the shortest sequence of lines that bash accepts as complete. Comments and
 * empty lines are omitted.
 */
export function splitCommands(script: string): string[] {
  const commands: string[] = [];
  let command = "";
  for (const line of script.split("\n")) {
    if (command === "" && /^\s*(?:#|$)/.test(line)) continue;
    command += `${line}\n`;
    if (line.endsWith("\\") || !isComplete(command)) continue;
    commands.push(command.trimEnd());
    command = "";
  }
  if (command.trim() !== "") throw new Error(`not a complete command: ${command}`);
  return commands;
}

/** Whether bash accepts the text. It only warns about a here-document without its end. */
function isComplete(text: string): boolean {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
  return status === 0 && stderr === "";
}
