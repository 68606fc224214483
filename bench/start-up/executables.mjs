import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { host } from "../../tools/archives/archive.mjs";
import { ensureNodeBinary } from "../../tools/archives/node-binary.mjs";
import { root } from "../../tools/bootstrap.mjs";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { computeMedian, computeSpread } from "../figures.mjs";
import { measureCommand } from "../measure-command.mjs";
import { unpackExecutable } from "../systems/executable.mjs";

/**
 * @typedef {object} Executables
 * @property {{ title: string, bytes: number, archiveBytes: number }[]} sizes
 * @property {{ title: string, milliseconds: import("../figures.mjs").Spread }[]} schema times of `pulumi package get-schema`
 * @property {number} ratio of the times of the executable and of the script with the same version of Node
 */

/**
 * Measures the executables for this machine, and how long the CLI takes to read the schema from the plugin in each form.
 * @param {{ folder: string, binDir: string, rounds: number }} options
 * @returns {Promise<Executables>}
 */
export async function measureExecutables({ folder, binDir, rounds }) {
  const plugin = await unpackExecutable("plugin");
  const cli = await unpackExecutable("cli");
  const script = join(root, "plugin", "pulumi-resource-datadog-org-connections");
  const nodeDir = dirname(await ensureNodeBinary(host, undefined));
  const cwd = join(folder, "executables");
  mkdirSync(join(cwd, "backend"), { recursive: true });
  const place = { home: join(cwd, "home"), backendDir: join(cwd, "backend"), binDir };
  const forms = [
    { title: "the executable", file: plugin.file, env: createIsolatedEnv(place) },
    { title: "the script with the same Node", file: script, env: createIsolatedEnv({ ...place, nodeDir }) },
    { title: `the script with Node ${process.versions.node}`, file: script, env: createIsolatedEnv(place) },
  ];
  /** @type {number[][]} */
  const times = forms.map(() => []);
  // The first round fills the caches of compiled code.
  for (let round = 0; round <= 2 * rounds; round++) {
    for (const [at, { file, env }] of forms.entries()) {
      const options = { cwd, env, timeoutMs: 60_000 };
      const { wallSeconds } = await measureCommand("pulumi", ["package", "get-schema", file], options);
      if (round > 0) times[at]?.push(wallSeconds * 1000);
    }
  }
  const [ofExecutable = NaN, ofScript = NaN] = times.map(computeMedian);
  return {
    sizes: [
      { title: "plugin", ...plugin },
      { title: "command line", ...cli },
    ].map(({ title, bytes, archiveBytes }) => ({ title, bytes, archiveBytes })),
    schema: forms.map(({ title }, at) => ({ title, milliseconds: computeSpread(times[at] ?? []) })),
    ratio: ofExecutable / ofScript,
  };
}

/**
 * @param {Executables | undefined} executables
 * @returns {import("../compare-rounds.mjs").Bound[]} empty if they were not measured
 */
export const computeSchemaBound = (executables) =>
  executables === undefined
    ? []
    : [
        {
          what: "get-schema: wall of the executable ÷ that of the script with the same Node",
          value: executables.ratio,
          atMost: 1.2,
        },
      ];
