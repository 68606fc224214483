import * as vega from "vega";
import { operations, systems } from "./systems/system.mjs";

const size = { width: 220, height: 240 };

/**
 * Draws wall seconds by count of connections, both logarithmic: one panel per operation, one line per system,
 * with minimum and maximum of the rounds as a bar.
 * @param {import("./figures.mjs").Figure[]} figures
 * @returns {Promise<string>} SVG
 */
export async function drawPlot(figures) {
  const titles = new Map(systems.map(({ key, title }) => [key, title.replaceAll("`", "")]));
  const rows = figures
    .filter(({ latencyMs, system }) => latencyMs === 0 && system !== "requests")
    .map(({ system, operation, count, wallSeconds: { median, least, most } }) => {
      return { system: titles.get(system), operation, count, median, least, most };
    });
  const view = new vega.View(vega.parse(createSpecification(rows)), { renderer: "none" });
  return view.toSVG();
}

/** @param {object[]} rows @returns {vega.Spec} */
function createSpecification(rows) {
  const x = { scale: "count", field: "count" };
  const color = { scale: "system", field: "system" };
  return {
    background: "white",
    padding: 8,
    data: [{ name: "figures", values: rows }],
    layout: { columns: operations.length, padding: 24 },
    scales: [
      { name: "count", type: "log", domain: [3, 5000], range: [0, size.width] },
      { name: "seconds", type: "log", domain: [0.5, 300], range: [size.height, 0], clamp: true },
      { name: "system", type: "ordinal", domain: { data: "figures", field: "system" }, range: "category" },
    ],
    legends: [{ stroke: "system", symbolType: "stroke", orient: "bottom", columns: 3, labelLimit: 0 }],
    marks: operations.map((operation, at) => ({
      type: "group",
      title: { text: operation, anchor: "start" },
      encode: { enter: { width: { value: size.width }, height: { value: size.height } } },
      data: [
        {
          name: `rows-${at}`,
          source: "figures",
          transform: [{ type: "filter", expr: `datum.operation === '${operation}'` }],
        },
      ],
      axes: [
        { scale: "count", orient: "bottom", values: [3, 100, 1000, 5000], title: "connections", grid: true },
        {
          scale: "seconds",
          orient: "left",
          values: [1, 3, 10, 30, 100, 300],
          grid: true,
          ...(at === 0 && { title: "wall seconds" }),
        },
      ],
      marks: [
        {
          type: "group",
          from: { facet: { name: `lines-${at}`, data: `rows-${at}`, groupby: "system" } },
          marks: [
            {
              type: "rule",
              from: { data: `lines-${at}` },
              encode: {
                enter: {
                  x,
                  y: { scale: "seconds", field: "least" },
                  y2: { scale: "seconds", field: "most" },
                  stroke: color,
                },
              },
            },
            {
              type: "line",
              from: { data: `lines-${at}` },
              encode: {
                enter: {
                  x,
                  y: { scale: "seconds", field: "median" },
                  stroke: color,
                  strokeWidth: { value: 1.5 },
                },
              },
            },
            {
              type: "symbol",
              from: { data: `lines-${at}` },
              encode: {
                enter: { x, y: { scale: "seconds", field: "median" }, fill: color, size: { value: 20 } },
              },
            },
          ],
        },
      ],
    })),
  };
}
