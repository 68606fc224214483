import { isDestructive, isGain, mayAdoptAny, type Change, type ChangeKind } from "../../changes/change.js";
import { formatCode } from "../../shared/markdown.js";
import { countsOf, type Review } from "./review.js";

const ROWS: readonly [ChangeKind, string][] = [
  ["delete", "⛔ ended"],
  ["replace", "⛔ replaced: new id, new creator"],
  ["drift", "drift undone"],
  ["update", "types change"],
  ["create", "made"],
  ["adopt", "taken over"],
  ["release", "leave the stack, go on sharing"],
  ["record", "nothing shared changes"],
];

/** Title, one sentence, and how many changes there are of each kind. */
export function summaryOf(review: Review): string[] {
  const { stack, project, changes, stays } = review;
  const where =
    stack === undefined || project === undefined
      ? ""
      : `: stack ${formatCode(stack)} of ${formatCode(project)}`;
  const title = `## Cross-organization connections${where}`;
  const counts = countsOf(changes);
  const rows = ROWS.filter(([kind]) => counts[kind] > 0).map(
    ([kind, what]) => `| ${what} | ${counts[kind]} |`,
  );
  const unchanged = stays.length > 0 ? [`| unchanged | ${stays.length} |`] : [];
  if (rows.length === 0) return [title, headline(review)];
  return [title, headline(review), ["| connections | |", "| --- | ---: |", ...rows, ...unchanged].join("\n")];
}

function headline({ outcome, changes, violations, warnings }: Review): string {
  if (outcome === "failed") return "**⛔ The preview failed, so this report is not complete.**";
  if (changes.length === 0) return "No connection changes.";
  const stops = changes.filter(isDestructive).length;
  const isOpen = changes.some((change) => isDestructive(change) && mayOnly(change));
  const begins = changes.filter(isGain).length;
  const collides = changes.some(({ collision }) => collision !== undefined);
  const isCertain = changes.some(({ collision }) => collision !== undefined && collision.isRace !== true);
  const errors = violations.filter(({ level }) => level === "error").length;
  const parts = [
    `${changes.length} ${plural(changes.length, "change")}`,
    stops > 0
      ? `⛔ ${stops} ${plural(stops, "stops", "stop")} sharing something${isOpen ? " (or may)" : ""}`
      : "no sharing stops",
    begins > 0
      ? `${begins} ${plural(begins, "shows", "show")} an organization something new`
      : "nobody sees anything new",
    ...(collides ? [`⛔ the up ${isCertain ? "will" : "may"} fail (see the warnings)`] : []),
    ...(errors > 0 ? [`⛔ ${errors} ${plural(errors, "violation")} of the policy`] : []),
    ...(warnings.length > 0 ? [`${warnings.length} ${plural(warnings.length, "warning")}`] : []),
  ];
  return `**${parts.join("; ")}.**`;
}

/** Whether it is not certain that something stops. */
const mayOnly = (change: Change): boolean => {
  const { kind, before, after, isRace, announced, collision, isUnreadable, keptBy } = change;
  return (
    keptBy !== undefined ||
    (kind === "create" && mayAdoptAny(change)) ||
    collision?.lost !== undefined ||
    after?.openTypes === "not-told" ||
    (kind !== "delete" && before?.openTypes === "not-told") ||
    isRace === true ||
    isUnreadable === true ||
    announced !== undefined
  );
};

const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);
