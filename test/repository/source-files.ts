import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../tree.js";

/** Lists all files in a folder of the repository, relative to the folder. */
export function listFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => path.relative(path.join(ROOT, folder), path.join(entry.parentPath, entry.name)));
}
