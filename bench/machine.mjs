import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../tools/bootstrap.mjs";
import { createIsolatedEnv } from "../tools/pulumi-env.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Describes the machine and the versions of the measurement in one sentence.
 * @param {string} binDir of the Pulumi CLI
 */
export function describeMachine(binDir) {
  // Even `pulumi version` writes a log, which must not be in the user's folder.
  const folder = join(root, ".local", "bench");
  const env = createIsolatedEnv({ home: join(folder, "home"), backendDir: folder, binDir });
  const pulumi = runCommand("pulumi", ["version"], { cwd: process.cwd(), env }).trim();
  const sdk = readVersion("@pulumi/pulumi/package.json");
  const ours = readVersion("pulumi-datadog-org-connections/package.json");
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}, ${cpus().length} cores, ${memory} GiB, ` +
    `Node ${process.versions.node}, Pulumi ${pulumi} with a local file backend, @pulumi/pulumi ${sdk}, this package ${ours}.`
  );
}

/** @param {string} manifest */
function readVersion(manifest) {
  const path = createRequire(import.meta.url).resolve(manifest);
  return String(JSON.parse(readFileSync(path, "utf8")).version);
}
