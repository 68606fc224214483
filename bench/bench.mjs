import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { computeBounds, holds } from "./bounds/bounds.mjs";
import { computeFigures } from "./figures.mjs";
import { describeMachine } from "./machine.mjs";
import { formatReport } from "./report/report.mjs";
import { NotMeasured } from "./not-measured.mjs";
import { computeReviewBound } from "./start-up/command-line.mjs";
import { createPlan } from "./plan.mjs";
import { playPart } from "./rounds.mjs";
import { prepare, root } from "../tools/bootstrap.mjs";
import { logLine } from "../tools/progress.mjs";
import { ensureLanguageHosts } from "../tools/pulumi-cli/ensure-language-hosts.mjs";
import { ensurePulumi } from "../tools/pulumi-cli/ensure-pulumi.mjs";
import { exitWithError, SetupError } from "../tools/setup-error.mjs";

// `npm run bench` measures our resources, their baselines and other tools, and writes a report. `-- --quick`
// runs one round of the small sizes. `--only start-up,single,tofu` selects systems, `--workloads hub`
// workloads, `--counts 3,100` sizes; `--rounds` sets the most rounds, `--out` the folder of the report.

/**
 * Writes the report. This runs after every part, so that an interrupted benchmark keeps its results.
 * @param {string} out
 * @param {{ machine: string, startUp: import("./start-up/start-up.mjs").StartUp | undefined,
 *   samples: import("./rounds.mjs").Sample[], notMeasured: NotMeasured }} measured
 */
async function writeReport(out, { machine, startUp, samples, notMeasured }) {
  const content = {
    machine,
    startUp,
    notMeasured: notMeasured.list(),
    figures: computeFigures(samples),
    bounds: [...computeBounds(samples), ...computeReviewBound(startUp?.commandLine ?? [])],
  };
  const { drawPlot } = await import("./plot.mjs");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "figures.json"), `${JSON.stringify(content, undefined, 1)}\n`);
  writeFileSync(join(out, "plot.svg"), `${await drawPlot(content.figures)}\n`);
  const report = formatReport({ ...content, plot: "plot.svg" });
  writeFileSync(join(out, "report.md"), report);
  return { report, bounds: content.bounds };
}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      workloads: { type: "string" },
      counts: { type: "string" },
      out: { type: "string", default: join(root, ".local", "bench-report") },
    },
  });
  const { out, ...options } = values;
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
  for (const part of parts) {
    samples.push(...(await playPart(part, { binDir, hostsDir, notMeasured, log: logLine })));
    await writeReport(out, { machine, startUp, samples, notMeasured });
  }
  const { report, bounds } = await writeReport(out, { machine, startUp, samples, notMeasured });
  console.log(report);
  logLine(`Report: ${relative(process.cwd(), out)} (report.md, figures.json, plot.svg)`);
  const exceeded = bounds.filter((bound) => !holds(bound));
  if (exceeded.length > 0) {
    throw new SetupError(
      `Bounds exceeded:\n${exceeded.map(({ what, value, atMost }) => `  ${what}: ${value.toFixed(3)}, at most ${atMost}`).join("\n")}`,
    );
  }
} catch (error) {
  exitWithError(error);
}
