import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseMarkdown, type Page } from "../../tools/markdown.mjs";
import { ROOT } from "../tree.js";

/** Pages that a program writes, and the reports that tests compare with real output. */
const WRITTEN_BY_PROGRAMS = /^(?:docs\/benchmark\/report\.md|test\/cli\/)/;

/** Lists the Markdown pages of the repository, tracked or new. */
export function listPages(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md"];
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && !WRITTEN_BY_PROGRAMS.test(file) && existsSync(path.join(ROOT, file)));
}

const parsed = new Map<string, Page>();

export function readPage(file: string): Page {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const page = parseMarkdown(readFileSync(path.join(ROOT, file), "utf8"));
  parsed.set(file, page);
  return page;
}

/** Returns the source of a section: from its heading to the next one of the same or a higher level. */
export function readSection(file: string, heading: string): string {
  const { headings } = readPage(file);
  const at = headings.findIndex(({ text }) => text === heading);
  const [start] = headings.slice(at, at + 1);
  if (start === undefined) return "";
  const end = headings.slice(at + 1).find(({ level }) => level <= start.level);
  return readFileSync(path.join(ROOT, file), "utf8").slice(start.start, end?.start);
}
