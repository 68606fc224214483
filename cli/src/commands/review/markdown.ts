import type { Change } from "../../changes/change.js";
import { formatPhrase, type Phrase, standingName } from "../../changes/phrase.js";
import type { Unread } from "../../changes/staying.js";
import { escapeMarkdown, formatCode } from "../../shared/markdown.js";
import { diagram, organizations } from "./appendix.js";
import { breaksOf } from "./breaks.js";
import { endsOf } from "./group.js";
import { groupedLines, linesOf, type Line, type Lines } from "./lines.js";
import type { Review } from "./review.js";
import { summaryOf } from "./summary.js";

/** A comment on GitHub holds 65,536 characters; whoever posts it needs some for a mark of his own. */
const MOST = 65_000;
/** What is kept for the diagram, where the text can be shorter. */
const FOR_THE_DIAGRAM = 12_000;

/** How much is told: all, then by source, then less and less. */
interface Level {
  lines: (changes: readonly Change[]) => Lines;
  /** Lines of a section at most. */
  most: number;
}
const LEVELS: readonly [Level, ...Level[]] = [
  { lines: linesOf, most: Infinity },
  { lines: (changes) => groupedLines(changes, Infinity), most: Infinity },
  { lines: (changes) => groupedLines(changes, 100), most: 60 },
  { lines: (changes) => groupedLines(changes, 10), most: 30 },
];

/** The report in Markdown of GitHub and GitLab, in less than 65,536 characters whatever it tells. */
export function renderMarkdown(review: Review): string {
  let text = "";
  for (const level of LEVELS) {
    text = textAt(review, level);
    if (text.length <= MOST - FOR_THE_DIAGRAM) break;
  }
  const parts = [text.length <= MOST ? text : cut(text)];
  for (const part of [diagram, organizations]) parts.push(part(review, MOST - parts.join("").length));
  return parts.join("");
}

function textAt(review: Review, level: Level): string {
  const { changes, isPolicyGiven, violations, warnings, errors, notes, isListed, unreadable } = review;
  const lines = level.lines(changes);
  const broken = new Map<Change, string[]>();
  for (const { change, rule, level: weight } of violations) {
    if (weight === "error") broken.set(change, [...new Set([...(broken.get(change) ?? []), rule])]);
  }
  const show = (list: readonly Line[], sign = "") => shownLines(list, level.most, sign, broken);
  const simple = (list: readonly Phrase[], sign = "") =>
    shownLines(
      list.map((sentence) => ({ sentence, changes: [] })),
      level.most,
      sign,
      broken,
    );
  const rules = violations.map(({ rule, level: weight, sentence }) => [
    weight === "error" ? `${STOP} ` : "",
    { code: rule },
    ": ",
    ...sentence,
  ]);
  const isCut = errors.length > 0;
  const none = isCut ? `${NOT_REACHED}.` : "Nothing.";
  const sections: (string | false)[] = [
    ...summaryOf(review),
    level !== LEVELS[0] && SHORTENED,
    ...errors.slice(0, 5).map((error) => `> ${STOP} ${escapeMarkdown(error, LONGEST_ERROR)}`),
    errors.length > 5 && `> and ${errors.length - 5} more errors`,
    changes.length > 0 && section("What stops being shared", show(lines.stops, `${STOP} `), none),
    changes.length > 0 && section("What is newly shared", show(lines.begins), none),
    changes.length > 0 && section("What breaks", simple(breaksOf(changes)), none),
    lines.others.length > 0 && section("What else changes", show(lines.others)),
    isPolicyGiven && section("Policy", simple(rules), isCut ? `${NOT_REACHED}.` : "All rules hold."),
    warnings.length > 0 && section("Warnings", simple(warnings.map(({ sentence }) => sentence))),
    !isListed && !isCut && changes.length > 0 && NOT_WHOLE,
    unreadable.length > 0 && notRead(unreadable),
    isNameless(changes) && NAMELESS,
    isConfigured(changes) && CONFIGURED,
    ...notes.map((note) => escapeMarkdown(note)),
  ];
  return `${sections.filter((one) => one !== false).join("\n\n")}\n`;
}

const STOP = "⛔";
/** What is shown of an error, in characters: what to do next comes last. */
const LONGEST_ERROR = 2000;
const NOT_REACHED = "Nothing, as far as the preview came";
const SHORTENED =
  "_Shortened, to fit a comment: what alike changes have in common is told once. `datadog-org-connections review --json` tells each by itself._";
const NOT_WHOLE =
  "_The state was not given, so what stays as it is is neither counted nor drawn: `--state` takes what `pulumi stack export` prints._";

const NAMELESS =
  "_Some organizations are told by UUID only: `--lookup` asks Datadog for their names, and an `id` in the stack's configuration gives one._";

const CONFIGURED =
  "_A configured name is one of the program and the stack's configuration, which whoever changes the program chooses: `--lookup` asks Datadog for the names there._";

const section = (title: string, text: string, none = ""): string =>
  `### ${title}\n\n${text === "" ? none : text}`;

/** So many resources are named. */
const MOST_UNREAD = 20;

function notRead(unreadable: readonly Unread[]): string {
  const more = unreadable.length - MOST_UNREAD;
  const names = unreadable.slice(0, MOST_UNREAD).map(({ name }) => formatCode(name));
  const list = more > 0 ? [...names, `${more} more`] : names;
  return (
    `**NOT READ:** ${list.join(", ")}. They stay as they are, and what they share cannot be read: it is secret, or of a form ` +
    "that this version does not know. It is neither counted nor drawn."
  );
}

const isNameless = (changes: readonly Change[]): boolean =>
  endsOf(changes).some((one) => one.id !== undefined && standingName(one) === undefined);

const isConfigured = (changes: readonly Change[]): boolean =>
  endsOf(changes).some((one) => standingName(one)?.from === "configuration");

function shownLines(
  lines: readonly Line[],
  most: number,
  sign: string,
  broken: ReadonlyMap<Change, readonly string[]>,
): string {
  const shown = lines.slice(0, most).map(({ sentence, changes }) => {
    const rules = [...new Set(changes.flatMap((change) => broken.get(change) ?? []))];
    const mark = rules.length === 0 ? "" : ` **Violates ${rules.map(formatCode).join(", ")}.**`;
    return `- ${sign}${formatPhrase(sentence)}${mark}`;
  });
  const rest = lines.slice(most);
  const more = rest.reduce((sum, { changes }) => sum + Math.max(1, changes.length), 0);
  return [...shown, ...(more > 0 ? [`- … and ${more} more.`] : [])].join("\n");
}

/** For names that no shortening foresees: the end is left out, and that is told. */
function cut(text: string): string {
  const told = "\n\n**The rest does not fit in a comment: see `datadog-org-connections review --json`.**\n";
  const end = text.lastIndexOf("\n", MOST - told.length);
  return text.slice(0, end) + told;
}
