import { growthExponent } from "./figures.mjs";
import { operations, systems } from "./systems/system.mjs";

/**
 * @typedef {import("./figures.mjs").Figure} Figure
 * @typedef {import("./figures.mjs").Spread} Spread
 */

/**
 * The report as Markdown.
 * @param {{ startUp: import("./start-up/start-up.mjs").StartUp | undefined, figures: Figure[],
 *   bounds: import("./bounds.mjs").Bound[], machine: string, plot: string }} report
 */
export function markdownOf({ startUp, figures, bounds, machine, plot }) {
  const sorted = figures.toSorted((a, b) => a.latencyMs - b.latencyMs || a.count - b.count);
  const parts = [...new Set(sorted.map(({ count, latencyMs }) => `${count} ${latencyMs}`))];
  return [
    "# Benchmark",
    `${machine} Each figure is the median of its rounds, with the least and the most in brackets. On ` +
      "this one machine the sets and OpenTofu were run in turn, round by round, and so were the single resources on Pulumi.",
    `![Wall seconds against the number of connections](${plot})`,
    ...parts.flatMap((part) => {
      const these = figures.filter(({ count, latencyMs }) => `${count} ${latencyMs}` === part);
      return [heading(these), "Wall seconds; calls of the API:", walls(these), ...details(these)];
    }),
    ...(startUp ? startUpTables(startUp) : []),
    "## Growth",
    "The exponent k of N^k from 100 connections to the largest number that was run (without latency); 1 is in step with N.",
    growth(figures),
    ...(bounds.length > 0 ? ["## What we hold ourselves to", boundsTable(bounds)] : []),
    "",
  ].join("\n\n");
}

/** @param {Figure[]} figures */
function heading([figure]) {
  const latency = figure?.latencyMs ? `each answer after ${figure.latencyMs} ms` : "without latency";
  return `## ${thousands(figure?.count ?? 0)} connections, ${latency}`;
}

/** @param {Figure[]} figures */
const walls = (figures) =>
  bySystem(figures, (figure) => `${spread(figure.wallSeconds)}; ${thousands(figure.calls.median)}`);

/** @param {Figure[]} figures */
function details(figures) {
  return [
    "CPU seconds of the command and all it starts:",
    bySystem(figures, ({ cpuSeconds }) => (cpuSeconds ? spread(cpuSeconds) : "not measured")),
    "Seconds with at least one request in flight, as the server saw it:",
    bySystem(figures, ({ inFlightSeconds }) => spread(inFlightSeconds)),
    "Peak memory in MiB (engine + program + provider):",
    bySystem(figures, ({ peakMiB }) =>
      Object.entries(peakMiB)
        .filter(([, mebibytes]) => mebibytes > 25) // a shell or a launcher tells nothing
        .map(([name, mebibytes]) => `${name} ${mebibytes.toFixed(0)}`)
        .join(" + "),
    ),
    "Bytes of state for each connection (file of the state, written with indentation) after the operation:",
    bySystem(figures, ({ stateBytes, count }) =>
      stateBytes === undefined ? "" : thousands(Math.round(stateBytes / count)),
    ),
  ];
}

/** @param {Figure[]} figures @param {(figure: Figure) => string} cell */
function bySystem(figures, cell) {
  const rows = systems.flatMap(({ key, title }) => {
    const these = figures.filter(({ system }) => system === key);
    if (these.length === 0) return [];
    const cells = operations.map((operation) => {
      const figure = these.find((one) => one.operation === operation);
      return figure ? cell(figure) : "";
    });
    return [[title, ...cells]];
  });
  return table(["", ...operations], rows);
}

/** @param {import("./start-up/start-up.mjs").StartUp} startUp */
function startUpTables({ answers, commands, commandLine }) {
  const names = Object.keys(commands[0]?.seconds ?? {});
  return [
    "## Start-up",
    "Milliseconds from the start of the process to its first answer, without engine:",
    table(
      ["", "ms"],
      answers.map(({ what, milliseconds }) => [what, wholeSpread(milliseconds)]),
    ),
    "Wall seconds of whole commands with 3 connections and nothing to do, caches filled:",
    table(
      ["", ...names],
      commands.map(({ variant, seconds }) => [
        variant,
        ...names.map((name) => {
          const times = seconds[name];
          return times ? spread(times) : "";
        }),
      ]),
    ),
    "Milliseconds of `datadog-org-connections`, each command in a small case, beside a Node that does nothing:",
    table(
      ["", "ms"],
      commandLine.map(({ command, milliseconds }) => [command, wholeSpread(milliseconds)]),
    ),
  ];
}

/** @param {Figure[]} figures */
function growth(figures) {
  const plain = figures.filter(({ latencyMs, count }) => latencyMs === 0 && count >= 100);
  const rows = systems.flatMap(({ key, title }) => {
    const largest = Math.max(...plain.filter(({ system }) => system === key).map(({ count }) => count));
    if (largest <= 100) return [];
    const cells = operations.map((operation) => {
      const [small, large] = [100, largest].map((count) =>
        plain.find((one) => one.system === key && one.operation === operation && one.count === count),
      );
      return small && large ? growthExponent(small, large).toFixed(2) : "";
    });
    return [[`${title}, to ${thousands(largest)}`, ...cells]];
  });
  return table(["", ...operations], rows);
}

/** @param {import("./bounds.mjs").Bound[]} bounds */
function boundsTable(bounds) {
  const rows = bounds.map(({ what, value, atMost, spread: rounds }) => [
    what,
    rounds ? `${short(value)} (${short(rounds.least)}–${short(rounds.most)})` : short(value),
    short(atMost),
    value <= atMost ? "yes" : "**no**",
  ]);
  return table(["", "measured", "at most", "holds"], rows);
}

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** @param {Spread} spread */
function spread({ median, least, most }) {
  return least === most ? short(median) : `${short(median)} (${short(least)}–${short(most)})`;
}

/** @param {Spread} spread */
const wholeSpread = ({ median, least, most }) =>
  `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;

/** @param {number} value */
const short = (value) =>
  Number.isInteger(value) ? thousands(value) : value >= 20 ? value.toFixed(0) : value.toFixed(2);

/** @param {number} value */
const thousands = (value) => value.toLocaleString("en-US");
