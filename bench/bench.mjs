import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { computeBounds } from "./bounds.mjs";
import { computeFigures } from "./figures.mjs";
import { describeMachine } from "./machine.mjs";
import { formatMarkdown } from "./markdown.mjs";
import { createPlan } from "./plan.mjs";
import { playPart } from "./rounds.mjs";
import { prepare, root } from "../tools/bootstrap.mjs";
import { logLine } from "../tools/progress.mjs";
import { ensurePulumi } from "../tools/pulumi-cli/ensure-pulumi.mjs";
import { exitWithError, SetupError } from "../tools/setup-error.mjs";

// `npm run bench` measures our resources, their baselines and other tools, and writes a report. `-- --quick`
// runs one round in under ten minutes, without the thousand single resources. `--only set,nothing-set`
// selects systems, `--counts 3,100` sizes; `--rounds` and `--peer-rounds` set the count of rounds; `--out`
// sets the folder of the report.

/**
 * Writes the report. This runs after every part, so that an interrupted benchmark keeps its results.
 * @param {string} out
 * @param {{ machine: string, startUp: import("./start-up/start-up.mjs").StartUp | undefined,
 *   samples: import("./rounds.mjs").Sample[] }} measured
 */
async function writeReport(out, { machine, startUp, samples }) {
  const figures = computeFigures(samples);
  const bounds = computeBounds(samples);
  const { drawPlot } = await import("./plot.mjs");
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, "figures.json"),
    `${JSON.stringify({ machine, startUp, figures, bounds }, undefined, 1)}\n`,
  );
  writeFileSync(join(out, "plot.svg"), `${await drawPlot(figures)}\n`);
  const report = formatMarkdown({ startUp, figures, bounds, machine, plot: "plot.svg" });
  writeFileSync(join(out, "report.md"), report);
  return { report, bounds };
}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      "peer-rounds": { type: "string" },
      only: { type: "string" },
      counts: { type: "string" },
      out: { type: "string", default: join(root, ".local", "bench-report") },
    },
  });
  const { out, ...options } = values;
  await prepare({ log: logLine });
  const plan = createPlan(options);
  const { binDir } = await ensurePulumi({ log: logLine });
  const machine = describeMachine(binDir);
  // Load modules that need packages after `prepare`, which installs them in a clean clone.
  const { measureStartUp } = await import("./start-up/start-up.mjs");
  const startUp = await measureStartUp({ binDir, rounds: options.quick ? 3 : 5, log: logLine });
  /** @type {import("./rounds.mjs").Sample[]} */
  const samples = [];
  for (const part of plan) {
    samples.push(...(await playPart(part, { binDir, log: logLine })));
    await writeReport(out, { machine, startUp, samples });
  }
  const { report, bounds } = await writeReport(out, { machine, startUp, samples });
  console.log(report);
  logLine(`Report: ${relative(process.cwd(), out)} (report.md, figures.json, plot.svg)`);
  const broken = bounds.filter(({ value, atMost }) => value > atMost);
  if (broken.length > 0) {
    throw new SetupError(
      `Bounds exceeded:\n${broken.map(({ what, value, atMost }) => `  ${what}: ${value.toFixed(3)}, at most ${atMost}`).join("\n")}`,
    );
  }
} catch (error) {
  exitWithError(error);
}
