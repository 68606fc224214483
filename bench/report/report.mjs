import { formatBounds } from "./bounds.mjs";
import { formatDetails } from "./details.mjs";
import { formatGrowth } from "./growth.mjs";
import { formatStartUp } from "./start-up.mjs";
import { formatForms, formatSummary } from "./summary.mjs";
import { isHub } from "../workloads.mjs";

/** @typedef {import("../figures.mjs").Figure} Figure */

/**
 * Formats the report as Markdown.
 * @param {{ machine: string, startUp: import("../start-up/start-up.mjs").StartUp | undefined,
 *   notMeasured: { title: string, reason: string }[], figures: Figure[],
 *   bounds: import("../bounds/compare-rounds.mjs").Bound[], plot: string }} report
 */
export function formatReport({ machine, startUp, notMeasured, figures, bounds, plot }) {
  return [
    "# Benchmark",
    machine,
    "All requests go to a server on the same machine. Each figure is the median of its rounds; the details have minimum and\n" +
      "maximum in parentheses. The systems of one size ran in turn, round by round.",
    ...(notMeasured.length > 0 ? ["Not measured:", formatNotMeasured(notMeasured)] : []),
    `![Wall seconds and memory by count, first for a hub, then for one source organization](${plot})`,
    ...formatWorkload(
      "N source organizations, each with its own keys and one connection to a hub",
      "Wall seconds; the most memory and processes at one time. The credentials of an organization list only that organization,\n" +
        "except with 1,000 organizations, where they list all of them.",
      figures.filter(({ workload }) => isHub(workload)),
      "organizations",
    ),
    ...formatWorkload(
      "N connections of one source organization",
      "The same figures for one pair of keys.",
      figures.filter(({ workload }) => !isHub(workload)),
      "connections",
    ),
    ...(figures.length > 0 ? ["## How each system ran", formatForms(figures)] : []),
    ...formatBounds(bounds),
    ...formatGrowth(figures),
    ...(startUp ? formatStartUp(startUp) : []),
    ...(figures.length > 0 ? ["## Details", details, ...formatDetails(figures)] : []),
    "",
  ].join("\n\n");
}

const details =
  "Wall and CPU seconds of the command and its child processes; seconds with at least one outstanding request, and calls of\n" +
  "the API, both measured by the server; the most memory and processes at one time; bytes of state per connection after the\n" +
  "operation. `figures.json` has the peak memory of each process, too.";

/** @param {{ title: string, reason: string }[]} notMeasured */
const formatNotMeasured = (notMeasured) =>
  notMeasured.map(({ title, reason }) => `- ${title}: ${reason}`).join("\n");

/** @param {string} title @param {string} text @param {Figure[]} figures @param {string} unit */
const formatWorkload = (title, text, figures, unit) =>
  figures.length > 0 ? [`## ${title}`, text, formatSummary(figures, unit)] : [];
