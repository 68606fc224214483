import { basename } from "node:path";

/**
 * How to run npm from here: the npm that called us when there is one, since it is the one whose settings and
 * version the person uses; otherwise npm on PATH. `npm_execpath` may also be another package manager's.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env = process.env) {
  const caller = env["npm_execpath"];
  if (caller !== undefined && basename(caller) === "npm-cli.js")
    return { command: process.execPath, args: [caller] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/**
 * The caller's environment without what `npm run` tells its scripts about *its* project: an npm started in
 * another folder would take that for its own. Settings such as the registry stay, but not the silence of
 * `npm run --silent`: of a failure we want to show the cause.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnv(env = process.env) {
  const ours = /^(npm_lifecycle_|npm_package_|npm_command$|npm_config_(local|global)?_?prefix$|INIT_CWD$)/i;
  const kept = Object.entries(env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), npm_config_loglevel: "error" };
}
