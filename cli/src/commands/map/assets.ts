import { readFileSync } from "node:fs";
import path from "node:path";

/** A file that is part of what is written: style and script of the page. The package carries them beside its code. */
export function readAsset(name: string): string {
  return readFileSync(path.join(__dirname, "../../assets", name), "utf8").trimEnd();
}
