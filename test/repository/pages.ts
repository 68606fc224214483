import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import GithubSlugger from "github-slugger";
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

/** The anchors of a page's headings, as GitHub creates them. */
export function listAnchors({ headings }: Page): string[] {
  const slugger = new GithubSlugger();
  return headings.map(({ text }) => slugger.slug(text));
}

/** Why a link leads nowhere, or `undefined` if it leads to a file or folder of the repository, and to its heading. */
export function explainBrokenLink(file: string, url: string): string | undefined {
  if (/^[a-z]+:/.test(url))
    return /^https:\/\/[\w.-]+\.\w+(?:[/?#]|$)/.test(url) ? undefined : "no https address";
  if (url.startsWith("/")) return "an absolute path, which other Markdown readers cannot follow";
  const [target = "", anchor, ...rest] = url.split("#");
  if (rest.length > 0) return "has two anchors";
  const to = target === "" ? file : path.posix.join(path.posix.dirname(file), decodeURIComponent(target));
  if (to.startsWith("..") || !isInRepository(to)) return "no such file or folder";
  if (anchor === undefined) return undefined;
  if (!to.endsWith(".md")) return "an anchor of a file that is no page";
  return listAnchors(readPage(to)).includes(anchor) ? undefined : "no such heading";
}

let files: ReadonlySet<string> | undefined;

/** Whether Git knows the path, which may be a folder, or would add it. A file that only this machine has is no target. */
function isInRepository(target: string): boolean {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  files ??= new Set(
    execFileSync("git", args, { cwd: ROOT, encoding: "utf8" })
      .split("\0")
      .filter((file) => file !== "" && existsSync(path.join(ROOT, file)))
      .flatMap((file) => listWithParents(file)),
  );
  return files.has(target.replace(/\/$/, ""));
}

const listWithParents = (file: string): string[] =>
  file === "." ? [file] : [file, ...listWithParents(path.posix.dirname(file))];

/** Returns the source of a section: from its heading to the next one of the same or a higher level. */
export function readSection(file: string, heading: string): string {
  const { headings } = readPage(file);
  const at = headings.findIndex(({ text }) => text === heading);
  const [start] = headings.slice(at, at + 1);
  if (start === undefined) return "";
  const end = headings.slice(at + 1).find(({ level }) => level <= start.level);
  return readFileSync(path.join(ROOT, file), "utf8").slice(start.start, end?.start);
}
