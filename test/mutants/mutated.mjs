import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The file's text with the protection taken out. Throws when a change of the file has left the mutant behind.
 * @param {string} root of the tree
 * @param {import("./index.mjs").Mutant} mutant
 * @returns {string}
 */
export function mutated(root, { name, file, find, replace }) {
  const text = readFileSync(join(root, "provider/src", file), "utf8");
  const found = text.split(find).length - 1;
  if (found !== 1)
    throw new Error(`mutant "${name}": its text stands ${found} times in ${file}, not once:\n${find}`);
  if (find === replace) throw new Error(`mutant "${name}" changes nothing`);
  return text.replace(find, () => replace);
}
