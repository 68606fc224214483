import { existsSync } from "node:fs";
import path from "node:path";

/** The command that adds a package, by the lockfile of the package manager. */
const COMMANDS = new Map([
  ["pnpm-lock.yaml", "pnpm add"],
  ["yarn.lock", "yarn add"],
  ["bun.lock", "bun add"],
  ["package-lock.json", "npm install"],
]);

/**
 * Formats the command that adds a package to the program in a folder: `pnpm add @pulumi/pulumi (in /work/apps/sharing)`. The
 * nearest lockfile, in the folder or a parent, decides the package manager. Without a lockfile, the package manager is npm.
 */
export const formatAddCommand = (name: string, folder: string): string =>
  `${findCommand(folder) ?? "npm install"} ${name} (in ${folder})`;

/**
 * Formats what to do if the program in a folder cannot load a package. Even then, a library of the same workspace may be able to
 * load it.
 */
export const formatMissingPackageAdvice = (name: string, folder: string): string =>
  "Add it to the program's own package.json, even if a library of the workspace has it: " +
  `${formatAddCommand(name, folder)}.`;

function findCommand(folder: string): string | undefined {
  for (const [lockfile, command] of COMMANDS) if (existsSync(path.join(folder, lockfile))) return command;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findCommand(parent);
}
