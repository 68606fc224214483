import { spawnSync } from "node:child_process";
import { SetupError } from "../tools/output.mjs";

/**
 * Runs a command that is not measured.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {string} its standard output
 * @throws {SetupError} with its output, if it does not start or fails
 */
export function runCommand(command, args, options) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    ...options,
    encoding: "utf8",
  });
  if (error) throw new SetupError(`${command} did not start: ${error.message}`);
  if (status !== 0) throw createCommandError([command, ...args], status ?? signal, `${stdout}${stderr}`);
  return stdout;
}

/**
 * @param {string[]} command
 * @param {number | string | null} code the exit code or signal
 * @param {string} output
 */
export const createCommandError = (command, code, output) =>
  new SetupError(`\`${command.join(" ")}\` exited with ${code}:\n${output.trim()}`);
