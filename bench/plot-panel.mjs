const size = { width: 240, height: 170 };

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {{ values: number[], title: string }} x the ticks of a logarithmic axis
 * @property {{ values: number[], title: string }} y
 * @property {{ system: string, count: number, median: number, least: number, most: number }[]} points
 */

/**
 * Creates one panel of the plot: a line, a symbol and a bar from minimum to maximum for each point. Its
 * parent has the scale `system`.
 * @param {Panel} panel
 * @returns {import("vega").GroupMark}
 */
export function createPanel({ title, x: xAxis, y: yAxis, points }) {
  const x = { scale: "x", field: "count" };
  const y = { scale: "y", field: "median" };
  const color = { scale: "system", field: "system" };
  return {
    type: "group",
    title: { text: title, anchor: "start" },
    encode: { enter: { width: { value: size.width }, height: { value: size.height } } },
    data: [{ name: "points", values: points }],
    scales: [
      { name: "x", type: "log", domain: getDomain(xAxis.values), range: [0, size.width] },
      { name: "y", type: "log", domain: getDomain(yAxis.values), range: [size.height, 0], clamp: true },
    ],
    axes: [
      { scale: "x", orient: "bottom", grid: true, gridScale: "y", ...xAxis },
      { scale: "y", orient: "left", grid: true, gridScale: "x", ...yAxis },
    ],
    marks: [
      {
        type: "group",
        from: { facet: { name: "line", data: "points", groupby: "system" } },
        marks: [
          {
            type: "rule",
            from: { data: "line" },
            encode: {
              enter: {
                x,
                y: { scale: "y", field: "least" },
                y2: { scale: "y", field: "most" },
                stroke: color,
              },
            },
          },
          {
            type: "line",
            from: { data: "line" },
            encode: { enter: { x, y, stroke: color, strokeWidth: { value: 1.5 } } },
          },
          {
            type: "symbol",
            from: { data: "line" },
            encode: { enter: { x, y, fill: color, size: { value: 20 } } },
          },
        ],
      },
    ],
  };
}

/** @param {number[]} values ascending */
const getDomain = (values) => [values[0] ?? NaN, values.at(-1) ?? NaN];
