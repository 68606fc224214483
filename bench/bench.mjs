import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { boundsOf } from "./bounds.mjs";
import { figuresOf } from "./figures.mjs";
import { describeMachine } from "./machine.mjs";
import { markdownOf } from "./markdown.mjs";
import { planOf } from "./plan.mjs";
import { play } from "./rounds.mjs";
import { prepare, root } from "../tools/bootstrap.mjs";
import { logLine } from "../tools/progress.mjs";
import { ensurePulumi } from "../tools/pulumi-cli/ensure-pulumi.mjs";
import { exitWith, SetupError } from "../tools/setup-error.mjs";

// `npm run bench` measures our resources beside their floors and their peers and writes a report. With `-- --quick` one
// round in under ten minutes, without the thousand single resources. `--only set,nothing-set` runs some systems alone,
// `--counts 3,100` some sizes; `--rounds` and `--peer-rounds` set how often; `--out` where the report goes.

/**
 * Written after every part: hours of measuring must not hang on the last minute.
 * @param {string} out
 * @param {{ machine: string, startUp: import("./start-up/start-up.mjs").StartUp | undefined,
 *   samples: import("./rounds.mjs").Sample[] }} measured
 */
async function writeReport(out, { machine, startUp, samples }) {
  const figures = figuresOf(samples);
  const bounds = boundsOf(samples);
  const { plotOf } = await import("./plot.mjs");
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, "figures.json"),
    `${JSON.stringify({ machine, startUp, figures, bounds }, undefined, 1)}\n`,
  );
  writeFileSync(join(out, "plot.svg"), `${await plotOf(figures)}\n`);
  const report = markdownOf({ startUp, figures, bounds, machine, plot: "plot.svg" });
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
  const plan = planOf(options);
  const { binDir } = await ensurePulumi({ log: logLine });
  const machine = describeMachine(binDir);
  // What needs packages is loaded only now: in a clean clone `prepare` has just installed them.
  const { measureStartUp } = await import("./start-up/start-up.mjs");
  const startUp = await measureStartUp({ binDir, rounds: options.quick ? 3 : 5, log: logLine });
  /** @type {import("./rounds.mjs").Sample[]} */
  const samples = [];
  for (const part of plan) {
    samples.push(...(await play(part, { binDir, log: logLine })));
    await writeReport(out, { machine, startUp, samples });
  }
  const { report, bounds } = await writeReport(out, { machine, startUp, samples });
  console.log(report);
  logLine(`The report: ${relative(process.cwd(), out)} (report.md, figures.json, plot.svg)`);
  const broken = bounds.filter(({ value, atMost }) => value > atMost);
  if (broken.length > 0) {
    throw new SetupError(
      `Not held:\n${broken.map(({ what, value, atMost }) => `  ${what}: ${value.toFixed(3)}, at most ${atMost}`).join("\n")}`,
    );
  }
} catch (error) {
  exitWith(error);
}
