import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { computeSpread } from "../figures.mjs";
import { measureCommand } from "../measure-command.mjs";
import { runCommand } from "../run-command.mjs";
import { startServer } from "../server.mjs";
import { writeProgram } from "./sources.mjs";

/** @typedef {{ variant: string, seconds: Record<string, import("../figures.mjs").Spread> }} CommandTimes */

/** Node has a compile cache since version 22: https://nodejs.org/api/module.html#module-compile-cache */
const cached = Number(process.versions.node.split(".")[0]) >= 22;
const variants = [
  { title: "TypeScript", source: "ts", env: {}, cache: false },
  {
    title: "TypeScript, not type-checked",
    source: "ts",
    env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    cache: false,
  },
  { title: "JavaScript", source: "js", env: {}, cache: false },
  { title: "JavaScript that loads the whole SDK too", source: "whole", env: {}, cache: false },
  ...(cached ? [{ title: "JavaScript, with NODE_COMPILE_CACHE", source: "js", env: {}, cache: true }] : []),
  ...(cached ? [{ title: "TypeScript, with NODE_COMPILE_CACHE", source: "ts", env: {}, cache: true }] : []),
];
const commands = {
  preview: ["preview"],
  "up, nothing to do": ["up", "--yes"],
  "the same, --skip-preview": ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
};

/**
 * Measures commands with three connections, by how the program is written and started.
 * @param {{ folder: string, binDir: string, rounds: number }} options
 * @returns {Promise<CommandTimes[]>}
 */
export async function measureCommands({ folder, binDir, rounds }) {
  const server = await startServer({
    workload: "one-source",
    count: 3 * variants.length,
    latencyMs: 0,
  });
  try {
    const stacks = [];
    for (const [at, { title, source, env, cache }] of variants.entries()) {
      const cwd = join(folder, `commands-${at}`);
      mkdirSync(join(cwd, "backend"), { recursive: true });
      writeProgram(cwd, source);
      const extra = {
        ...server.env,
        ...env,
        BENCH_FIRST: String(3 * at + 1),
        ...(cache && { NODE_COMPILE_CACHE: join(folder, `cache-${at}`) }),
      };
      const options = {
        cwd,
        env: createIsolatedEnv({ home: join(cwd, "home"), backendDir: join(cwd, "backend"), binDir, extra }),
        timeoutMs: 120_000,
      };
      runCommand("pulumi", ["stack", "init", "dev"], options);
      /** @param {string[]} command */
      const run = (command) =>
        measureCommand("pulumi", [...command, "--stack=dev", "--non-interactive"], options);
      await run(["up", "--yes"]); // fills the caches of Node and of the compiler
      stacks.push({ title, run });
    }
    return await measureStacks(stacks, rounds);
  } finally {
    server.stop();
  }
}

/**
 * @param {{ title: string, run: (command: string[]) => Promise<import("../measure-command.mjs").Measured> }[]} stacks
 * @param {number} rounds
 */
async function measureStacks(stacks, rounds) {
  /** @type {Map<string, Map<string, number[]>>} */
  const times = new Map(
    stacks.map(({ title }) => [title, new Map(Object.keys(commands).map((name) => [name, []]))]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { title, run } of stacks) {
      for (const [name, command] of Object.entries(commands)) {
        times
          .get(title)
          ?.get(name)
          ?.push((await run(command)).wallSeconds);
      }
    }
  }
  return [...times].map(([variant, byName]) => ({
    variant,
    seconds: Object.fromEntries([...byName].map(([name, values]) => [name, computeSpread(values)])),
  }));
}
