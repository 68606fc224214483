import { holds } from "./bounds.mjs";
import { computeGrowthExponent } from "./figures.mjs";
import { operations, systems } from "./systems/system.mjs";
import { formatSize, getUnit, isHub } from "./workloads.mjs";

/**
 * @typedef {import("./figures.mjs").Figure} Figure
 * @typedef {import("./figures.mjs").Spread} Spread
 * @typedef {import("./compare-rounds.mjs").Bound} Bound
 *
 * What a run measured: the content of its figures.json.
 * @typedef {object} Measured
 * @property {string} machine
 * @property {import("./start-up/start-up.mjs").StartUp | undefined} startUp
 * @property {{ title: string, reason: string }[]} notMeasured
 * @property {Figure[]} figures
 * @property {Bound[]} bounds
 */

/**
 * Formats the report as Markdown.
 * @param {Measured & { plot: string }} report
 */
export function formatReport({ machine, startUp, notMeasured, figures, bounds, plot }) {
  return [
    "# Benchmark",
    machine,
    "All requests go to a server on the same machine. Each figure is the median of its rounds. The systems of one size ran in turn,\n" +
      "round by round. Memory and processes are the most at one time, in the operation that needs the most.",
    ...(notMeasured.length > 0
      ? ["Not measured:", notMeasured.map(({ title, reason }) => `- ${title}: ${reason}`).join("\n")]
      : []),
    `![Wall seconds and memory by count, first for a hub, then for one source organization](${plot})`,
    ...formatWorkload(
      "N source organizations, each with its own keys and one connection to a hub",
      "Wall seconds.",
      figures.filter(({ workload }) => isHub(workload)),
    ),
    ...formatWorkload(
      "N connections of one source organization",
      "Wall seconds.",
      figures.filter(({ workload }) => !isHub(workload)),
    ),
    ...(figures.length > 0 ? ["## How each system ran", formatForms(figures)] : []),
    ...formatGrowth(figures),
    ...(startUp ? formatStartUp(startUp) : []),
    ...formatBounds(bounds),
    "",
  ].join("\n\n");
}

/** @param {string} title @param {string} text @param {Figure[]} figures of workloads with the same unit */
function formatWorkload(title, text, figures) {
  const [first] = figures;
  return first ? [`## ${title}`, text, formatSummary(figures, getUnit(first.workload))] : [];
}

/**
 * Formats one row for each size and system, first without latency, and one column for each operation.
 * @param {Figure[]} figures of workloads with the same unit
 * @param {string} unit
 */
function formatSummary(figures, unit) {
  const sorted = figures.toSorted((a, b) => a.latencyMs - b.latencyMs || a.count - b.count);
  const rows = [...new Set(sorted.map(formatSize))].flatMap((size) =>
    systems.flatMap(({ key, title }) => {
      const these = figures.filter((one) => one.system === key && formatSize(one) === size);
      return these.length === 0 ? [] : [[size.replace(` ${unit}`, ""), title, ...formatCells(these)]];
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
const formatForms = (figures) =>
  systems
    .filter(({ key }) => figures.some(({ system }) => system === key))
    .map(({ title, form }) => `- ${title}: ${form}.`)
    .join("\n");

/** @param {Figure[]} figures */
function formatGrowth(figures) {
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

/** @param {import("./start-up/start-up.mjs").StartUp} startUp */
function formatStartUp({ responses, commands, commandLine, executables }) {
  const names = Object.keys(commands[0]?.seconds ?? {});
  return [
    "## Start-up",
    "Milliseconds from the start of the process to its first response, without the engine:",
    formatTable(
      ["", "ms"],
      responses.map(({ what, milliseconds }) => [what, formatWholeSpread(milliseconds)]),
    ),
    "Wall seconds of commands with 3 connections and no changes, with filled caches:",
    formatTable(
      ["", ...names],
      commands.map(({ variant, seconds }) => [
        variant,
        ...names.map((name) => {
          const times = seconds[name];
          return times ? formatSpread(times) : "";
        }),
      ]),
    ),
    "Milliseconds of `datadog-org-connections` and of a Node process that does nothing:",
    formatTable(
      ["", "ms"],
      commandLine.map(({ command, milliseconds }) => [command, formatWholeSpread(milliseconds)]),
    ),
    ...(executables ? formatExecutables(executables) : []),
  ];
}

/** @param {import("./start-up/executables.mjs").Executables} executables */
function formatExecutables({ sizes, schema }) {
  const formatMegabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    "## Executables",
    formatTable(
      ["", "executable", "archive"],
      sizes.map(({ title, bytes, archiveBytes }) => [
        title,
        formatMegabytes(bytes),
        formatMegabytes(archiveBytes),
      ]),
    ),
    "Milliseconds of `pulumi package get-schema` with the plugin:",
    formatTable(
      ["", "ms"],
      schema.map(({ title, milliseconds }) => [title, formatWholeSpread(milliseconds)]),
    ),
  ];
}

/** @param {Bound[]} bounds @returns {string[]} paragraphs */
function formatBounds(bounds) {
  if (bounds.length === 0) return [];
  const rows = [...new Set(bounds.map(({ what }) => what))].map((what) => {
    const these = bounds.filter((bound) => bound.what === what);
    const byOperation = operations.map((name) => these.find(({ operation }) => operation === name));
    const limits = [...new Set(these.map(({ atMost }) => formatShort(atMost)))];
    // Counts differ by operation, so the limit of each is beside its value.
    const cells = byOperation.map((bound) => (bound ? formatBound(bound, limits.length > 1) : ""));
    const [only] = these;
    const withoutOperation = only && only.operation === undefined ? `: ${formatBound(only, false)}` : "";
    return [what + withoutOperation, limits.length > 1 ? "" : limits.join(""), ...cells];
  });
  const broken = bounds.filter((bound) => !holds(bound));
  return [
    "## Performance bounds",
    "Each figure has the minimum and maximum of its rounds if they differ, and the floor: the same figure for a system that cannot do\n" +
      "less. Bold figures exceed their bound.",
    formatTable(["", "at most", ...operations], rows),
    ...(broken.length > 0 ? [`Bounds that do not hold:`, broken.map(formatBroken).join("\n")] : []),
  ];
}

/** @param {Bound} bound @param {boolean} hasLimit whether to add the limit */
function formatBound(bound, hasLimit) {
  const { value, spread, floor, atMost } = bound;
  const text = holds(bound) ? formatShort(value) : `**${formatShort(value)}**`;
  const [least, most] = [spread?.least ?? value, spread?.most ?? value].map(formatShort);
  const notes = [
    ...(least === most ? [] : [`${least}–${most}`]),
    ...(floor ? [`floor ${formatShort(floor.value)}`] : []),
    ...(hasLimit ? [`at most ${formatShort(atMost)}`] : []),
  ];
  return notes.length > 0 ? `${text} (${notes.join("; ")})` : text;
}

/** @param {Bound} bound */
function formatBroken({ what, operation, value, atMost, floor }) {
  const name = operation === undefined ? what : `${what}, ${operation}`;
  const start = `- ${name}: ${formatShort(value)}, at most ${formatShort(atMost)}.`;
  if (!floor) return `${start} No floor was measured.`;
  const share = `${formatShort(floor.value)} of it are the floor, ${floor.title}`;
  return floor.value > atMost
    ? `${start} ${share}: the floor alone exceeds the bound.`
    : `${start} ${share}; ${formatShort(value - floor.value)} are ours.`;
}

/** @param {string[]} head @param {string[][]} rows */
function formatTable(head, rows) {
  const formatRow = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [formatRow(head), formatRow(head.map(() => "---")), ...rows.map(formatRow)].join("\n");
}

/** @param {Spread} spread */
function formatSpread({ median, least, most }) {
  return least === most
    ? formatShort(median)
    : `${formatShort(median)} (${formatShort(least)}–${formatShort(most)})`;
}

/** @param {Spread} spread */
const formatWholeSpread = ({ median, least, most }) =>
  `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;

/** @param {number} value */
const formatShort = (value) =>
  Number.isInteger(value) ? formatThousands(value) : value >= 20 ? value.toFixed(0) : value.toFixed(2);

/** @param {number} value */
const formatThousands = (value) => value.toLocaleString("en-US");
