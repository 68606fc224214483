import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const windows = process.platform === "win32";
const executableSuffix = windows ? ".exe" : "";
const scriptSuffix = windows ? ".cmd" : "";

export const pulumiName = `pulumi${executableSuffix}`;
export const languageHostName = `pulumi-language-nodejs${executableSuffix}`;
/** Starts the process that serves dynamic resources, from the `@pulumi/pulumi` of the program. */
export const dynamicProviderName = `pulumi-resource-pulumi-nodejs${scriptSuffix}`;

/** What an engine needs for a Node program with dynamic resources. */
export const neededNames = [pulumiName, languageHostName, dynamicProviderName];

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
 * @returns {string[]} every one of that name, in the order of PATH
 */
export function allOnPath(name, path) {
  return [...new Set((path ?? "").split(delimiter))]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}
