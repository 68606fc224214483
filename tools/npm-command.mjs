import { basename } from "node:path";

/**
 * Returns the command to run npm: the npm that started this process, with the settings and version of the
 * user, or else npm on PATH. `npm_execpath` may also belong to another package manager.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function getNpmCommand(env = process.env) {
  const caller = env["npm_execpath"];
  if (caller !== undefined && basename(caller) === "npm-cli.js")
    return { command: process.execPath, args: [caller] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/**
 * Creates the environment for npm: the caller's environment without the variables of `npm run` about its
 * project, which an npm in another folder would apply. Keeps settings such as the registry, but not `npm run
 * --silent`, which would hide the cause of a failure.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function createNpmEnv(env = process.env) {
  const ours = /^(npm_lifecycle_|npm_package_|npm_command$|npm_config_(local|global)?_?prefix$|INIT_CWD$)/i;
  const inherited = Object.entries(env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(inherited), npm_config_loglevel: "error" };
}
