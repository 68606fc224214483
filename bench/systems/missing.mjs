import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

/** @param {string} command @returns {string | undefined} a sentence if PATH lacks it */
export function findMissingCommand(command) {
  const found = (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ? undefined : `\`${command}\` is not on PATH`;
}

/** @param {string} name @returns {string | undefined} a sentence if the programs cannot load the package */
export function findMissingPackage(name) {
  try {
    createRequire(new URL("../programs/", import.meta.url)).resolve(`${name}/package.json`);
    return undefined;
  } catch {
    return `the package \`${name}\` is not installed`;
  }
}
