import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PACKAGES } from "../../tools/bootstrap.mjs";

/**
 * Finds the source file that contains the text of a mutant once, and returns its text without the safety check.
 * The name has no folder, so that a mutant stays valid when its file moves. Throws if the file has changed
 * and no longer contains the text.
 * @param {string} root of the repository
 * @param {import("./index.mjs").Mutant} mutant
 * @returns {{ file: string, text: string }} `file` is relative to the root
 */
export function applyMutant(root, { name, file, find, replace }) {
  const candidates = findFilesNamed(root, file).map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
  const occurrences = candidates.map(({ text }) => text.split(find).length - 1);
  const [holder, ...others] = candidates.filter(({ text }) => text.includes(find));
  if (holder === undefined || others.length > 0 || Math.max(...occurrences) !== 1)
    throw new Error(
      `mutant "${name}": its text occurs ${occurrences.join(" + ") || "0"} times in files named ${file}, not once:\n${find}`,
    );
  if (find === replace) throw new Error(`mutant "${name}" changes nothing`);
  return { file: holder.path, text: holder.text.replace(find, () => replace) };
}

/** @param {string} root @param {string} name */
const findFilesNamed = (root, name) =>
  PACKAGES.map((name) => `${name}/src`).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => basename(path) === name)
      .map((path) => join(folder, path)),
  );
