import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const windows = process.platform === "win32";
export const executableSuffix = windows ? ".exe" : "";
const scriptSuffix = windows ? ".cmd" : "";

export const pulumiName = `pulumi${executableSuffix}`;
export const languageHostName = `pulumi-language-nodejs${executableSuffix}`;
/** The script that starts the dynamic provider of the program's `@pulumi/pulumi`. */
export const dynamicProviderName = `pulumi-resource-pulumi-nodejs${scriptSuffix}`;

/** The executables that the engine needs for a Node program with dynamic resources. */
export const requiredNames = [pulumiName, languageHostName, dynamicProviderName];

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @param {string | undefined} path the value of PATH
 * @returns {string[]} all executables with that name, in the order of PATH
 */
export function findAllOnPath(name, path) {
  return [...new Set((path ?? "").split(delimiter))]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}
