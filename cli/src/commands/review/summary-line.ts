import { formatCount } from "../../shared/text.js";
import { countChanges, getInputNoun, type Review } from "./review.js";
import { listUnknownKinds } from "./unknowns.js";
import { hasOnlyPlanCollisions, findUpFailure } from "./summary.js";

/**
 * Renders one line of plain text for the title of a CI status check:
 * `2 stop sharing, 1 changed, 40 adopted · policy: 1 violation`. The line contains only counts, so no untrusted name can appear in
 * a title.
 */
export function renderSummaryLine(review: Review): string {
  const parts = [
    formatChanges(review),
    formatPolicy(review),
    formatUpFailure(review),
    formatUnknowns(review),
  ];
  return `${parts.filter((part) => part !== "").join(" · ")}\n`;
}

function formatChanges(review: Review): string {
  const { outcome, changes, unknowns } = review;
  const stops = changes.filter((change) => change.stops);
  const { drift, update, create, adopt, release, ...rest } = countChanges(
    changes.filter((change) => !change.stops),
  );
  const orMayStop = stops.some((change) => change.stops?.certainty === "possible") ? " or may stop" : "";
  const stopping = formatPart(stops.length, `stops${orMayStop} sharing`, `stop${orMayStop} sharing`);
  // The counts of a failed preview are incomplete, so only what stops is shown.
  if (outcome === "failed") return [`the ${getInputNoun(review)} failed`, ...stopping].join(", ");
  const counts = [
    stopping,
    formatPart(drift, "corrected"),
    formatPart(update, "changed"),
    formatPart(create, "created"),
    formatPart(adopt, "adopted"),
    formatPart(release + rest["state-only"], "state only"),
  ].flat();
  if (counts.length > 0) return counts.join(", ");
  return unknowns.length > 0 ? "no change shown" : "no connections change";
}

const formatUnknowns = ({ unknowns }: Review): string =>
  unknowns.length === 0 ? "" : `not shown: ${listUnknownKinds(unknowns).join(", ")}`;

const formatPart = (count: number, singular: string, plural = singular): string[] =>
  count === 0 ? [] : [formatCount(count, singular, plural)];

function formatPolicy({ hasPolicy, violations, outcome }: Review): string {
  if (!hasPolicy) return "";
  const errors = violations.filter(({ level }) => level === "error").length;
  if (errors > 0) return `policy: ${formatCount(errors, "violation")}`;
  // A failed preview is incomplete, so it may omit changes that violate the policy.
  if (violations.length === 0) return outcome === "failed" ? "" : "policy: no violations";
  return `policy: ${formatCount(violations.length, "warning")}`;
}

function formatUpFailure({ changes }: Review): string {
  const failure = findUpFailure(changes);
  if (failure === undefined) return "";
  return `${hasOnlyPlanCollisions(changes) ? "apply" : "up"} ${failure} fail`;
}
