import { computeGrowthExponent } from "./figures.mjs";
import { operations, systems } from "./systems/system.mjs";

/**
 * @typedef {import("./figures.mjs").Figure} Figure
 * @typedef {import("./figures.mjs").Spread} Spread
 */

/**
 * Formats the report as Markdown.
 * @param {{ startUp: import("./start-up/start-up.mjs").StartUp | undefined, figures: Figure[],
 *   bounds: import("./bounds.mjs").Bound[], machine: string, plot: string }} report
 */
export function formatMarkdown({ startUp, figures, bounds, machine, plot }) {
  const sorted = figures.toSorted((a, b) => a.latencyMs - b.latencyMs || a.count - b.count);
  const parts = [...new Set(sorted.map(({ count, latencyMs }) => `${count} ${latencyMs}`))];
  return [
    "# Benchmark",
    `${machine} Each figure is the median of its rounds, with minimum and maximum in parentheses. The sets and ` +
      "OpenTofu ran in turn on this machine, round by round, and so did the single resources on Pulumi.",
    `![Wall seconds by count of connections](${plot})`,
    ...parts.flatMap((part) => {
      const these = figures.filter(({ count, latencyMs }) => `${count} ${latencyMs}` === part);
      return [
        formatHeading(these),
        "Wall seconds; calls of the API:",
        formatWallTimes(these),
        ...formatDetails(these),
      ];
    }),
    ...(startUp ? formatStartUp(startUp) : []),
    "## Growth",
    "The exponent k of N^k from 100 connections to the largest measured count (without latency); 1 means proportional to N.",
    formatGrowth(figures),
    ...(bounds.length > 0 ? ["## Performance bounds", formatBounds(bounds)] : []),
    "",
  ].join("\n\n");
}

/** @param {Figure[]} figures */
function formatHeading([figure]) {
  const latency = figure?.latencyMs ? `each response after ${figure.latencyMs} ms` : "without latency";
  return `## ${formatThousands(figure?.count ?? 0)} connections, ${latency}`;
}

/** @param {Figure[]} figures */
const formatWallTimes = (figures) =>
  formatBySystem(
    figures,
    (figure) => `${formatSpread(figure.wallSeconds)}; ${formatThousands(figure.calls.median)}`,
  );

/** @param {Figure[]} figures */
function formatDetails(figures) {
  return [
    "CPU seconds of the command and its child processes:",
    formatBySystem(figures, ({ cpuSeconds }) => (cpuSeconds ? formatSpread(cpuSeconds) : "not measured")),
    "Seconds with at least one outstanding request, measured by the server:",
    formatBySystem(figures, ({ concurrentSeconds }) => formatSpread(concurrentSeconds)),
    "Peak memory in MiB (engine + program + provider):",
    formatBySystem(figures, ({ peakMiB }) =>
      Object.entries(peakMiB)
        .filter(([, mebibytes]) => mebibytes > 25) // omit shells and launchers
        .map(([name, mebibytes]) => `${name} ${mebibytes.toFixed(0)}`)
        .join(" + "),
    ),
    "Bytes of state per connection (state file, with indentation) after the operation:",
    formatBySystem(figures, ({ stateBytes, count }) =>
      stateBytes === undefined ? "" : formatThousands(Math.round(stateBytes / count)),
    ),
  ];
}

/** @param {Figure[]} figures @param {(figure: Figure) => string} cell */
function formatBySystem(figures, cell) {
  const rows = systems.flatMap(({ key, title }) => {
    const these = figures.filter(({ system }) => system === key);
    if (these.length === 0) return [];
    const cells = operations.map((operation) => {
      const figure = these.find((one) => one.operation === operation);
      return figure ? cell(figure) : "";
    });
    return [[title, ...cells]];
  });
  return formatTable(["", ...operations], rows);
}

/** @param {import("./start-up/start-up.mjs").StartUp} startUp */
function formatStartUp({ responses, commands, commandLine }) {
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
    "Milliseconds of `datadog-org-connections`, each command with small input, and of a Node process that does nothing:",
    formatTable(
      ["", "ms"],
      commandLine.map(({ command, milliseconds }) => [command, formatWholeSpread(milliseconds)]),
    ),
  ];
}

/** @param {Figure[]} figures */
function formatGrowth(figures) {
  const plain = figures.filter(({ latencyMs, count }) => latencyMs === 0 && count >= 100);
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
  return formatTable(["", ...operations], rows);
}

/** @param {import("./bounds.mjs").Bound[]} bounds */
function formatBounds(bounds) {
  const rows = bounds.map(({ what, value, atMost, spread: rounds }) => [
    what,
    rounds
      ? `${formatShort(value)} (${formatShort(rounds.least)}–${formatShort(rounds.most)})`
      : formatShort(value),
    formatShort(atMost),
    value <= atMost ? "yes" : "**no**",
  ]);
  return formatTable(["", "measured", "at most", "holds"], rows);
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
