import type { Change } from "../../changes/facts.js";
import { joinParts, richText, type RichText } from "../../changes/rich-text.js";
import type { Violation } from "../../policy/rules.js";
import { pluralize } from "../../shared/text.js";
import { createList, createSection, STOP_MARK, type Block } from "./blocks.js";
import { describeBreaks } from "./breaks.js";
import { createLines, type Line, type LineLimits, type Lines } from "./lines.js";
import { type StackChanges, formatCounts } from "./summary.js";
import { groupStatements, type Summarized } from "./statements.js";

/** The sections about changes, and the lines and sentences that they show or summarize. */
interface ChangeSections {
  blocks: Block[];
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
  const blocks = sections.flatMap(({ title, items, list, isOptional }) =>
    changes.length === 0 || (isOptional && items.length === 0) ? [] : createSection(title, list, emptyText),
  );
  return { blocks, lines, breaks };
}

/** Creates the sections about the changes of one of several stacks. An empty section is left out. */
export function createStackSections(
  { location, changes }: StackChanges,
  options: SectionOptions,
): ChangeSections {
  const { lines, breaks, sections } = createSections(changes, options);
  return {
    blocks: [
      { is: "heading", text: [{ code: location }] },
      { is: "paragraph", text: [`${formatCounts(changes, options.isComplete).join("; ")}.`] },
      ...sections.flatMap(({ title, items, list }): Block[] =>
        items.length === 0 ? [] : [{ is: "subheading", text: [title] }, list],
      ),
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
  const formatLines = (some: readonly Line[], mark = "") =>
    some.map((line) => richText`${mark}${line.sentence}${formatViolatedRules(line, violatedRules)}`);
  const sections = [
    { title: "What stops being shared", items: formatLines(lines.stops, `${STOP_MARK} `) },
    { title: "What is newly shared", items: formatLines(lines.starts) },
    { title: "What breaks", items: breaks.sentences, max: limits.maxLines },
    { title: "Other changes", items: formatLines(lines.others), isOptional: true },
  ].map(({ max = Infinity, ...section }) => ({ ...section, list: createList(section.items, max) }));
  return { lines, breaks, sections };
}

function formatViolatedRules({ changes }: Line, violatedRules: ViolatedRules): RichText {
  const broken = changes.filter((change) => violatedRules.has(change));
  if (broken.length === 0) return [];
  const rules = [...new Set(broken.flatMap((change) => violatedRules.get(change) ?? []))];
  // `rules` contains the rules of each change, so it is enough to compare the counts.
  const haveSameRules = broken.every((change) => violatedRules.get(change)?.length === rules.length);
  const list = joinParts(
    rules.map((code) => ({ code })),
    haveSameRules ? ", " : " or ",
  );
  if (changes.length === 1) return [" ", { strong: richText`Violates ${list}.` }];
  const subject = broken.length === changes.length ? "All" : `${broken.length} of them`;
  return [" ", { strong: richText`${subject} ${pluralize(broken.length, "violates", "violate")} ${list}.` }];
}
