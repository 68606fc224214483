import { operations, systems } from "../systems/system.mjs";
import { formatSize, workloads } from "../workloads.mjs";
import { formatSpread, formatTable, formatThousands } from "./table.mjs";

/** @typedef {import("../figures.mjs").Figure} Figure */

/**
 * Formats everything that was measured: a table for each size, with a row for each system and operation.
 * @param {Figure[]} figures
 */
export function formatDetails(figures) {
  const sorted = figures.toSorted(
    (a, b) =>
      workloads.indexOf(a.workload) - workloads.indexOf(b.workload) ||
      a.latencyMs - b.latencyMs ||
      a.count - b.count,
  );
  const sizes = [...new Set(sorted.map(formatSize))];
  return sizes.flatMap((size) => {
    const these = sorted.filter((figure) => formatSize(figure) === size);
    return [`### ${size}`, formatRows(these)];
  });
}

/** @param {Figure[]} figures */
function formatRows(figures) {
  const rows = systems.flatMap(({ key, title }) =>
    operations.flatMap((operation) => {
      const figure = figures.find((one) => one.system === key && one.operation === operation);
      return figure ? [[title, operation, ...formatCells(figure)]] : [];
    }),
  );
  return formatTable(["", "", "seconds", "CPU", "requests", "calls", "MiB", "processes", "state"], rows);
}

/** @param {Figure} figure */
function formatCells({ wallSeconds, cpuSeconds, concurrentSeconds, calls, memoryMiB, processes, ...figure }) {
  return [
    formatSpread(wallSeconds),
    cpuSeconds ? formatSpread(cpuSeconds) : "",
    formatSpread(concurrentSeconds),
    formatThousands(calls.median),
    memoryMiB ? formatThousands(Math.round(memoryMiB.median)) : "",
    processes ? formatThousands(processes.median) : "",
    figure.stateBytes === undefined ? "" : formatThousands(Math.round(figure.stateBytes / figure.count)),
  ];
}
