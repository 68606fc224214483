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

/** What is live when the quick start has been carried out. */
export const SHARED = ["payments → observability: logs, metrics", "payments → security: audit"];

/** A runner: a folder with the quick start, a home and processes of its own; the state is in the database. */
export function runner(engine: ReturnType<typeof useEngine>, { url, password }: Database): Stack {
  // Two levels deep, as the example is: its tsconfig.json extends the repository's.
  const stack = engine.stack("", { folder: path.join(ROOT, ".local"), config: CONFIG });
  for (const entry of readdirSync(EXAMPLE, { withFileTypes: true })) {
    if (entry.isFile()) stack.write(entry.name, readFileSync(path.join(EXAMPLE, entry.name), "utf8"));
  }
  stack.env = { ...stack.env, PULUMI_BACKEND_URL: url, PGPASSWORD: password };
  return stack;
}

/** Two runners of one stack, each ready to begin; as in two clones, what `stack init` adds to the configuration is shared. */
export async function twoRunners(
  engine: ReturnType<typeof useEngine>,
  database: Database,
): Promise<[Stack, Stack]> {
  const runners: [Stack, Stack] = [runner(engine, database), runner(engine, database)];
  for (const one of runners) await one.pulumi(["stack", "select", "dev"]);
  const [from, to] = runners.map(({ folder }) => path.join(folder, "Pulumi.dev.yaml"));
  copyFileSync(from ?? "", to ?? "");
  return runners;
}
