/** @param {string[]} head @param {string[][]} rows */
export function formatTable(head, rows) {
  const formatRow = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [formatRow(head), formatRow(head.map(() => "---")), ...rows.map(formatRow)].join("\n");
}

/** @param {import("../figures.mjs").Spread} spread */
export function formatSpread({ median, least, most }) {
  return least === most
    ? formatShort(median)
    : `${formatShort(median)} (${formatShort(least)}–${formatShort(most)})`;
}

/** @param {import("../figures.mjs").Spread} spread */
export const formatWholeSpread = ({ median, least, most }) =>
  `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;

/** @param {number} value */
export const formatShort = (value) =>
  Number.isInteger(value) ? formatThousands(value) : value >= 20 ? value.toFixed(0) : value.toFixed(2);

/** @param {number} value */
export const formatThousands = (value) => value.toLocaleString("en-US");
