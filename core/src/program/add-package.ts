import { existsSync } from "node:fs";
import path from "node:path";

/** The command of each package manager that adds a package, by its lockfile. Without a lockfile, it is that of npm. */
const COMMANDS = new Map([
  ["pnpm-lock.yaml", "pnpm add"],
  ["yarn.lock", "yarn add"],
  ["bun.lock", "bun add"],
  ["package-lock.json", "npm install"],
]);

/**
 * Formats the command that adds a package to the program in a folder, for the package manager whose lockfile is nearest:
 * `pnpm add @pulumi/pulumi (in /work/apps/sharing)`.
 */
export const formatAddCommand = (name: string, folder: string): string =>
  `${findCommand(folder) ?? "npm install"} ${name} (in ${folder})`;

/** Formats what to do if the program in a folder cannot load a package, although a library of the same workspace may depend on it. */
export const formatMissingPackageAdvice = (name: string, folder: string): string =>
  "Add it to the program's own package.json, even if a library of the workspace has it: " +
  `${formatAddCommand(name, folder)}.`;

function findCommand(folder: string): string | undefined {
  for (const [lockfile, command] of COMMANDS) if (existsSync(path.join(folder, lockfile))) return command;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findCommand(parent);
}
