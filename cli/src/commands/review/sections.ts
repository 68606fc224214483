import type { Change } from "../../changes/facts.js";
import { toMarkdown } from "../../changes/rich-text.js";
import type { Violation } from "../../policy/rules.js";
import { formatCode } from "../../shared/markdown.js";
import { pluralize } from "../../shared/text.js";
import { describeBreaks } from "./breaks.js";
import { createLines, type Line, type LineLimits, type Lines } from "./lines.js";
import { STOP_MARK } from "./policy-statements.js";
import type { StackChanges } from "./stacks.js";
import { groupStatements, type Summarized } from "./statements.js";
import { formatCounts } from "./summary.js";

/** The sections about changes, and the lines and sentences that they show or summarize. */
interface ChangeSections {
  /** Markdown. */
  parts: string[];
  lines: Lines;
  breaks: Summarized;
}

interface SectionOptions {
  limits: LineLimits;
  violatedRules: ViolatedRules;
  /** The text of an empty section that is not optional. */
  emptyText: string;
  /** Whether the previews show everything that matters. */
  isComplete: boolean;
}

/** From {@link listViolatedRules}. */
type ViolatedRules = ReadonlyMap<Change, readonly string[]>;

/** Lists the rules that each change violates, without rules that only warn. */
export function listViolatedRules(violations: readonly Violation[]): ViolatedRules {
  const violatedRules = new Map<Change, string[]>();
  for (const { change, rule, level } of violations) {
    if (level === "error")
      violatedRules.set(change, [...new Set([...(violatedRules.get(change) ?? []), rule])]);
  }
  return violatedRules;
}

/** Creates the sections about all changes. Creates none if nothing changes. */
export function createChangeSections(
  changes: readonly Change[],
  { emptyText, ...options }: SectionOptions,
): ChangeSections {
  const { lines, breaks, sections } = createSections(changes, options);
  const parts = sections.flatMap(({ title, text, isOptional }) =>
    changes.length === 0 || (isOptional && text === "") ? [] : [formatSection(title, text, emptyText)],
  );
  return { parts, lines, breaks };
}

/** Creates the sections about the changes of one of several stacks. An empty section is left out. */
export function createStackSections(
  { location, changes }: StackChanges,
  options: SectionOptions,
): ChangeSections {
  const { lines, breaks, sections } = createSections(changes, options);
  return {
    parts: [
      `### ${formatCode(location)}`,
      `${formatCounts(changes, options.isComplete).join("; ")}.`,
      ...sections.flatMap(({ title, text }) => (text === "" ? [] : [`#### ${title}\n\n${text}`])),
    ],
    lines,
    breaks,
  };
}

function createSections(
  changes: readonly Change[],
  { limits, violatedRules }: Pick<SectionOptions, "limits" | "violatedRules">,
) {
  const lines = createLines(changes, limits);
  const breaks = groupStatements(describeBreaks(changes));
  const sections = [
    { title: "What stops being shared", text: formatLines(lines.stops, violatedRules, `${STOP_MARK} `) },
    { title: "What is newly shared", text: formatLines(lines.starts, violatedRules) },
    { title: "What breaks", text: formatSentences(breaks, limits) },
    { title: "Other changes", text: formatLines(lines.others, violatedRules), isOptional: true },
  ];
  return { lines, breaks, sections };
}

/** Formats a section with its heading. */
export const formatSection = (title: string, text: string, emptyText = ""): string =>
  `### ${title}\n\n${text === "" ? emptyText : text}`;

/** Formats sentences as a list, with the count of those beyond the limit. */
export function formatSentences({ sentences }: Summarized, { maxLines }: LineLimits): string {
  const shown = sentences.slice(0, maxLines).map((sentence) => `- ${toMarkdown(sentence)}`);
  const more = sentences.length - shown.length;
  return [...shown, ...(more > 0 ? [`- … and ${more} more.`] : [])].join("\n");
}

const formatLines = (lines: readonly Line[], violatedRules: ViolatedRules, prefix = ""): string =>
  lines
    .map((line) => `- ${prefix}${toMarkdown(line.sentence)}${formatViolatedRules(line, violatedRules)}`)
    .join("\n");

function formatViolatedRules({ changes }: Line, violatedRules: ViolatedRules): string {
  const broken = changes.filter((change) => violatedRules.has(change));
  if (broken.length === 0) return "";
  const rules = [...new Set(broken.flatMap((change) => violatedRules.get(change) ?? []))];
  // `rules` contains the rules of each change, so it is enough to compare the counts.
  const haveSameRules = broken.every((change) => violatedRules.get(change)?.length === rules.length);
  const list = rules.map((rule) => formatCode(rule)).join(haveSameRules ? ", " : " or ");
  if (changes.length === 1) return ` **Violates ${list}.**`;
  const subject = broken.length === changes.length ? "All" : `${broken.length} of them`;
  return ` **${subject} ${pluralize(broken.length, "violates", "violate")} ${list}.**`;
}
