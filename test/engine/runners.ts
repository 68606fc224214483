import { ROOT } from "../tree.js";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "./postgres.js";
import type { Stack, useEngine } from "./stack.js";

const EXAMPLE = path.join(ROOT, "examples/quick-start");
const CONFIG = `config:
  quick-start:share:
    hub: { sink: Acme Observability, types: [logs, metrics] }
    security: { sink: Acme Security, types: [audit] }
`;

/** The live connections after the quick start. */
export const SHARED = ["payments → observability: logs, metrics", "payments → security: audit"];

/** Creates a runner: a folder with the quick start and its own home; the state is in the database. */
export function createRunner(engine: ReturnType<typeof useEngine>, { url, password }: Database): Stack {
  // Two levels deep like the example, whose tsconfig.json extends that of the repository.
  const stack = engine.createStack("", { folder: path.join(ROOT, ".local"), config: CONFIG });
  for (const entry of readdirSync(EXAMPLE, { withFileTypes: true })) {
    if (entry.isFile()) stack.writeFile(entry.name, readFileSync(path.join(EXAMPLE, entry.name), "utf8"));
  }
  stack.env = { ...stack.env, PULUMI_BACKEND_URL: url, PGPASSWORD: password };
  return stack;
}

/**
 * Creates two runners of one stack. As in two clones, they share what `stack init` adds to the configuration.
 */
export async function createTwoRunners(
  engine: ReturnType<typeof useEngine>,
  database: Database,
): Promise<[Stack, Stack]> {
  const runners: [Stack, Stack] = [createRunner(engine, database), createRunner(engine, database)];
  for (const one of runners) await one.runPulumi(["stack", "select", "dev"]);
  const [from, to] = runners.map(({ folder }) => path.join(folder, "Pulumi.dev.yaml"));
  copyFileSync(from ?? "", to ?? "");
  return runners;
}
