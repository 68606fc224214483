import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PACKAGES } from "../../tools/packages.mjs";

/**
 * The one source file of a mutant's name that holds its text once, and that file's text with the protection taken out. The
 * name has no folder, so that a mutant survives when its file moves. Throws when a change of the file has left the mutant
 * behind.
 * @param {string} root of the tree
 * @param {import("./index.mjs").Mutant} mutant
 * @returns {{ file: string, text: string }} `file` is relative to the root
 */
export function mutated(root, { name, file, find, replace }) {
  const texts = filesNamed(root, file).map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
  const counts = texts.map(({ text }) => text.split(find).length - 1);
  const [holder, ...others] = texts.filter(({ text }) => text.includes(find));
  if (holder === undefined || others.length > 0 || Math.max(...counts) !== 1)
    throw new Error(
      `mutant "${name}": its text occurs ${counts.join(" + ") || "0"} times in files named ${file}, not once:\n${find}`,
    );
  if (find === replace) throw new Error(`mutant "${name}" changes nothing`);
  return { file: holder.path, text: holder.text.replace(find, () => replace) };
}

/** @param {string} root @param {string} name */
const filesNamed = (root, name) =>
  PACKAGES.map((name) => `${name}/src`).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => basename(path) === name)
      .map((path) => join(folder, path)),
  );
