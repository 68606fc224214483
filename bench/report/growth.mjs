import { computeGrowthExponent } from "../figures.mjs";
import { operations, systems } from "../systems/system.mjs";
import { formatTable, formatThousands } from "./table.mjs";

/** @param {import("../figures.mjs").Figure[]} figures */
export function formatGrowth(figures) {
  const plain = figures.filter(
    ({ workload, latencyMs, count }) => workload === "one-source" && latencyMs === 0 && count >= 100,
  );
  const rows = systems.flatMap(({ key, title }) => {
    const largest = Math.max(...plain.filter(({ system }) => system === key).map(({ count }) => count));
    if (largest <= 100) return [];
    const cells = operations.map((operation) => {
      const [small, large] = [100, largest].map((count) =>
        plain.find((one) => one.system === key && one.operation === operation && one.count === count),
      );
      return small && large ? computeGrowthExponent(small, large).toFixed(2) : "";
    });
    return [[`${title}, to ${formatThousands(largest)}`, ...cells]];
  });
  if (rows.length === 0) return [];
  return [
    "## Growth",
    "The exponent k of N^k from 100 connections of one source organization to the largest measured count (without\n" +
      "latency); 1 means proportional to N.",
    formatTable(["", ...operations], rows),
  ];
}
