import { holds } from "../bounds/bounds.mjs";
import { formatShort, formatTable } from "./table.mjs";

/** @typedef {import("../bounds/compare-rounds.mjs").Bound} Bound */

/** @param {Bound[]} bounds @returns {string[]} paragraphs */
export function formatBounds(bounds) {
  if (bounds.length === 0) return [];
  const rows = bounds.map((bound) => [
    bound.what,
    formatValue(bound),
    formatShort(bound.atMost),
    holds(bound) ? "yes" : "**no**",
    bound.floor ? `${formatShort(bound.floor.value)}` : "",
  ]);
  const broken = bounds.filter((bound) => !holds(bound));
  return [
    "## Performance bounds",
    "The floor is the same figure for a system that cannot do less.",
    formatTable(["", "measured", "at most", "holds", "floor"], rows),
    ...(broken.length > 0 ? [`Bounds that do not hold:`, broken.map(formatBroken).join("\n")] : []),
  ];
}

/** @param {Bound} bound */
const formatValue = ({ value, spread }) =>
  spread
    ? `${formatShort(value)} (${formatShort(spread.least)}–${formatShort(spread.most)})`
    : formatShort(value);

/** @param {Bound} bound */
function formatBroken({ what, value, atMost, floor }) {
  const start = `- ${what}: ${formatShort(value)}, at most ${formatShort(atMost)}.`;
  if (!floor) return `${start} No floor was measured.`;
  const share = `${formatShort(floor.value)} of it are the floor, ${floor.title}`;
  return floor.value > atMost
    ? `${start} ${share}: the floor alone exceeds the bound.`
    : `${start} ${share}; ${formatShort(value - floor.value)} are ours.`;
}
