import { operations, systems } from "../systems/system.mjs";
import { formatShort, formatTable, formatThousands } from "./table.mjs";

/** @typedef {import("../figures.mjs").Figure} Figure */

/**
 * Formats the medians without latency: one row for each size and system, one column for each operation. Memory
 * and processes are those of the operation that needs the most.
 * @param {Figure[]} figures of workloads with the same unit
 * @param {string} unit
 */
export function formatSummary(figures, unit) {
  const counts = [...new Set(figures.map(({ count }) => count))].toSorted((a, b) => a - b);
  const rows = counts.flatMap((count) =>
    systems.flatMap(({ key, title }) => {
      const these = figures.filter((one) => one.system === key && one.count === count && one.latencyMs === 0);
      return these.length === 0 ? [] : [[formatThousands(count), title, ...formatCells(these)]];
    }),
  );
  return formatTable([unit, "", ...operations, "memory", "processes"], rows);
}

/** @param {Figure[]} figures of one system at one size */
function formatCells(figures) {
  const seconds = operations.map((operation) => {
    const figure = figures.find((one) => one.operation === operation);
    return figure ? formatShort(figure.wallSeconds.median) : "";
  });
  /** @param {"memoryMiB" | "processes"} field */
  const findMost = (field) => Math.max(...figures.map((one) => one[field]?.median ?? NaN));
  const [mebibytes, processes] = [findMost("memoryMiB"), findMost("processes")];
  return [
    ...seconds,
    Number.isNaN(mebibytes) ? "" : `${((mebibytes * 2 ** 20) / 1e9).toFixed(2)} GB`,
    Number.isNaN(processes) ? "" : String(processes),
  ];
}

/** @param {Figure[]} figures @returns {string} the form in which each measured system ran */
export const formatForms = (figures) =>
  systems
    .filter(({ key }) => figures.some(({ system }) => system === key))
    .map(({ title, form }) => `- ${title}: ${form}.`)
    .join("\n");
