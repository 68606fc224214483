import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { computeBounds, holds } from "./bounds.mjs";
import { computeFigures } from "./figures.mjs";
import { describeMachine } from "./machine.mjs";
import { formatReport } from "./report.mjs";
import { NotMeasured } from "./not-measured.mjs";
import { computeReviewBound } from "./start-up/command-line.mjs";
import { computeSchemaBound } from "./start-up/executables.mjs";
import { createPlan } from "./plan.mjs";
import { playPart } from "./rounds.mjs";
import { prepare, root } from "../tools/bootstrap.mjs";
import { logLine, exitWithError, SetupError } from "../tools/output.mjs";
import { ensureLanguageHosts } from "../tools/languages/set-up-languages.mjs";
import { ensurePulumi } from "../tools/pulumi-cli/ensure-pulumi.mjs";

// `npm run bench` measures our resources, their baselines and other tools, and writes a report. `-- --quick`
// runs one round of the small sizes. `--only start-up,single,tofu` selects systems, `--workloads hub`
// workloads, `--counts 3,100` sizes; `--rounds` sets the most rounds, `--out` the folder of the report.
// `--figures FILE` formats the report of raw figures that an earlier run kept, without a measurement.

/** The raw figures of the last run. Git ignores them: the repository has only the report and the plot. */
const rawFigures = join(root, ".local", "bench-report", "figures.json");

/**
 * Writes the report and the plot.
 * @param {string} out
 * @param {import("./report.mjs").Measured} measured
 */
async function writeReport(out, measured) {
  const { drawPlot } = await import("./plot.mjs");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "plot.svg"), `${await drawPlot(measured.figures)}\n`);
  const report = formatReport({ ...measured, plot: "plot.svg" });
  writeFileSync(join(out, "report.md"), report);
  return report;
}

/**
 * Measures, and keeps the raw figures. This writes the report after every part, so that an interrupted benchmark keeps its results.
 * @param {string} out
 * @param {Parameters<typeof createPlan>[0]} options
 */
async function measure(out, options) {
  const { startUpRounds, parts } = createPlan(options);
  await prepare({ log: logLine });
  const cli = await ensurePulumi({ log: logLine });
  const { binDir } = cli;
  const needsYamlHost = parts.some(({ systems }) => systems.some((system) => system.needsYamlHost));
  const { hostsDir } = needsYamlHost ? await ensureLanguageHosts({ cli }) : {};
  const machine = describeMachine(binDir);
  const notMeasured = new NotMeasured(parts.flatMap(({ systems }) => systems));
  // Load modules that need packages after `prepare`, which installs them in a clean clone.
  const { measureStartUp } = await import("./start-up/start-up.mjs");
  const startUp =
    startUpRounds > 0 ? await measureStartUp({ binDir, rounds: startUpRounds, log: logLine }) : undefined;
  /** @type {import("./rounds.mjs").Sample[]} */
  const samples = [];
  const keep = async () => {
    const measured = {
      machine,
      startUp,
      notMeasured: notMeasured.list(),
      figures: computeFigures(samples),
      bounds: [
        ...computeBounds(samples),
        ...computeReviewBound(startUp?.commandLine ?? []),
        ...computeSchemaBound(startUp?.executables),
      ],
    };
    mkdirSync(join(rawFigures, ".."), { recursive: true });
    writeFileSync(rawFigures, `${JSON.stringify(measured, undefined, 1)}\n`);
    await writeReport(out, measured);
    return measured;
  };
  for (const part of parts) {
    samples.push(...(await playPart(part, { binDir, hostsDir, notMeasured, log: logLine })));
    await keep();
  }
  return keep();
}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      workloads: { type: "string" },
      counts: { type: "string" },
      figures: { type: "string" },
      out: { type: "string", default: join(root, ".local", "bench-report") },
    },
  });
  const { out, figures, ...options } = values;
  const folder = resolve(process.env["INIT_CWD"] ?? ".", out);
  if (figures !== undefined) await prepare({ log: logLine });
  const measured =
    figures === undefined
      ? await measure(folder, options)
      : JSON.parse(readFileSync(resolve(process.env["INIT_CWD"] ?? ".", figures), "utf8"));
  console.log(await writeReport(folder, measured));
  logLine(`Report: ${relative(process.cwd(), folder)} (report.md, plot.svg)`);
  if (figures === undefined) logLine(`Raw figures: ${relative(process.cwd(), rawFigures)}`);
  /** @type {import("./compare-rounds.mjs").Bound[]} */
  const bounds = measured.bounds;
  const exceeded = bounds.filter((bound) => !holds(bound));
  if (exceeded.length > 0) {
    throw new SetupError(
      `Bounds exceeded:\n${exceeded.map(({ what, operation = "", value, atMost }) => `  ${what} ${operation}: ${value.toFixed(3)}, at most ${atMost}`).join("\n")}`,
    );
  }
} catch (error) {
  exitWithError(error);
}
