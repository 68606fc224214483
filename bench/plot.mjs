import * as vega from "vega";
import { computeSpread } from "./figures.mjs";
import { createPanel } from "./plot-panel.mjs";
import { operations, systems } from "./systems/system.mjs";
import { getUnit, isHub } from "./workloads.mjs";

/** @typedef {import("./figures.mjs").Figure} Figure */

const axes = {
  organizations: { values: [3, 10, 40, 100, 1000], title: "organizations, one hub" },
  connections: { values: [3, 100, 1000, 5000], title: "connections of one organization" },
};
const seconds = [0.3, 1, 3, 10, 30, 100, 300];
const gigabytes = [0.1, 0.3, 1, 3, 10];

/**
 * Draws wall seconds by count, both logarithmic: one panel per operation and one for memory, one line per
 * system, with minimum and maximum of the rounds as a bar. The panels of the hub come first.
 * @param {Figure[]} figures
 * @returns {Promise<string>} SVG
 */
export async function drawPlot(figures) {
  const plain = figures.filter(({ latencyMs, system }) => latencyMs === 0 && system !== "requests");
  const view = new vega.View(vega.parse(createSpecification(plain)), { renderer: "none" });
  return view.toSVG();
}

/** @param {Figure[]} figures @returns {vega.Spec} */
function createSpecification(figures) {
  const rows = [true, false].map((ofHub) => figures.filter(({ workload }) => isHub(workload) === ofHub));
  const domain = systems.filter(({ key }) => figures.some(({ system }) => system === key));
  return {
    background: "white",
    padding: 8,
    layout: { columns: 3, padding: { row: 24, column: 24 } },
    scales: [{ name: "system", type: "ordinal", domain: domain.map(getTitle), range: "category" }],
    legends: [{ stroke: "system", symbolType: "stroke", orient: "bottom", columns: 4, labelLimit: 0 }],
    marks: rows.flatMap(createRow),
  };
}

/** @param {Figure[]} figures of workloads with the same unit */
function createRow(figures) {
  const [first] = figures;
  if (!first) return [];
  const x = axes[getUnit(first.workload)];
  const panels = operations.slice(1).map((operation) =>
    createPanel({
      title: operation,
      x,
      y: { values: seconds, title: "wall seconds" },
      points: figures
        .filter((figure) => figure.operation === operation)
        .map((figure) => ({
          system: getTitle({ key: figure.system }),
          count: figure.count,
          ...figure.wallSeconds,
        })),
    }),
  );
  const memory = createPanel({
    title: "memory",
    x,
    y: { values: gigabytes, title: "GB of all processes" },
    points: createMemoryPoints(figures),
  });
  return [...panels, memory];
}

/**
 * Creates a point for each system and count: the operation that needs the most memory, and a bar from the one
 * that needs the least.
 * @param {Figure[]} figures
 */
function createMemoryPoints(figures) {
  const sizes = new Map(figures.map(({ system, count }) => [`${system} ${count}`, { system, count }]));
  return [...sizes.values()].flatMap(({ system, count }) => {
    const values = figures
      .filter((figure) => figure.system === system && figure.count === count)
      .flatMap(({ memoryMiB }) => (memoryMiB ? [(memoryMiB.median * 2 ** 20) / 1e9] : []));
    if (values.length === 0) return [];
    const { least, most } = computeSpread(values);
    return [{ system: getTitle({ key: system }), count, median: most, least, most }];
  });
}

/** @param {{ key: string }} system */
const getTitle = ({ key }) =>
  (systems.find((system) => system.key === key)?.title ?? key).replaceAll("`", "");
