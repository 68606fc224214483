import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../tree.js";

/** All files below a folder of the tree, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => path.relative(path.join(ROOT, folder), path.join(entry.parentPath, entry.name)));
}
