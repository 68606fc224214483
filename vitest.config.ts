import { defineConfig } from "vitest/config";

const ALL = "test/**/*.test.ts";
const SLOW = "test/**/*.slow.test.ts";
/** Many or random cases on the real engine. */
const CAMPAIGNS = "test/{faults,histories,report-is-true}/*.slow.test.ts";
/** Started by `npm run faults` and `npm run upgrade:record`. */
const COMMANDS = "test/**/*.{faults,record}.test.ts";

/** What other files of the same process would notice. */
const ISOLATED = [
  // They replace modules.
  "test/cli/shared/write-atomic.test.ts",
  "test/cli/commands/sandbox/command.test.ts",
  "test/cli/commands/map/graphviz.test.ts",
  // It changes the arguments of the process.
  "test/provider/host/engine-gone.test.ts",
  // The libraries of the clouds keep credentials until they expire.
  "test/core/identity/{aws,azure,gcp,accepted-proofs}.test.ts",
  "test/cli/commands/doctor/workload-identity-failures.test.ts",
];
/** The real engine, with the program and the providers in the process of the test. */
const ATTACHED = "test/engine/attached/*.test.ts";
/** What runs the Pulumi CLI and its other processes many times, or needs the network. */
const ENGINE = [
  "test/engine/**/*.test.ts",
  "test/examples/**/*.test.ts",
  "test/pages/readme.test.ts",
  "test/cli/commands/review/{golden-*,forged,copied-commands,pictures}.test.ts",
];

/**
 * `npm test` runs unit, isolated and attached; `npm run test:slow` runs campaigns, engine and slow. Vitest starts the files of the
 * projects in the order of the names of the projects, so the longest ones, those of campaigns, start first.
 */
const projects = [
  {
    name: "unit",
    include: [ALL],
    exclude: [...ISOLATED, ...ENGINE, SLOW, COMMANDS],
    isolate: false,
  },
  { name: "isolated", include: ISOLATED },
  { name: "attached", include: [ATTACHED], exclude: [SLOW], isolate: false },
  { name: "engine", include: ENGINE, exclude: [ATTACHED, SLOW] },
  { name: "campaigns", include: [CAMPAIGNS] },
  // These tests kill the engine at an arbitrary moment. A failed test is retried once, and the report shows it.
  { name: "slow", include: [SLOW], exclude: [CAMPAIGNS], retry: 1 },
  { name: "commands", include: [COMMANDS] },
];

export default defineConfig({
  test: {
    projects: projects.map((test) => ({ extends: true, test })),
    // For a hanging test. Engine tests run the CLI several times, random tests have a thousand cases, and the machine may be busy.
    testTimeout: 600_000,
    hookTimeout: 60_000,
    // Long enough for polling on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // The page of `map` contains style sheets, which Vitest would otherwise replace by empty ones.
    css: true,
    // Two would wait a third of the time. `npm run test:slow` uses four, because its tests wait longer.
    maxWorkers: 3,
    // The files of unit share their processes.
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
