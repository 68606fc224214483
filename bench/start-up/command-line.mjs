import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../tools/bootstrap.mjs";
import { computeSpread } from "../figures.mjs";
import { measureCommand } from "../measure-command.mjs";

/** @typedef {{ command: string, milliseconds: import("../figures.mjs").Spread }} CommandLineTime */

const main = join(root, "cli", "dist", "main.js");

/**
 * Measures the commands of the command line with small input, and a Node process that does nothing. Requests
 * go to the sandbox on loopback.
 * @param {{ folder: string, rounds: number }} options
 * @returns {Promise<CommandLineTime[]>}
 */
export async function measureCommandLine({ folder, rounds }) {
  /** @type {import("../../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(import.meta.url)("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  try {
    const cwd = join(folder, "command-line");
    mkdirSync(cwd, { recursive: true });
    writeInputs(cwd, sandbox);
    const { apiKey, appKey } = sandbox.getOrganization("payments");
    const env = { PATH: process.env["PATH"], DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    /** @type {Map<string, number[]>} */
    const times = new Map(lines.map(({ title }) => [title, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { title, args, code = 0 } of lines) {
        const options = { cwd, env, timeoutMs: 60_000, successCode: code };
        const { wallSeconds } = await measureCommand(process.execPath, args, options);
        times.get(title)?.push(wallSeconds * 1000);
      }
    }
    return [...times].map(([command, values]) => ({ command, milliseconds: computeSpread(values) }));
  } finally {
    await sandbox.close();
  }
}

/** @type {{ title: string, args: string[], code?: number }[]} */
const lines = [
  { title: "`node -e 0`", args: ["-e", "0"] },
  { title: "`datadog-org-connections --help`", args: [main, "--help"] },
  { title: "`review`, three new connections", args: [main, "review", "preview.json"], code: 3 },
  { title: "`map --format mermaid`", args: [main, "map", "--state", "state.json", "--format", "mermaid"] },
  { title: "`map --format html`", args: [main, "map", "--state", "state.json"] },
  { title: "`inventory`, one organization", args: [main, "inventory"] },
  { title: "`discover`, one organization", args: [main, "discover"] },
];

/**
 * Writes a preview of three connections, and the state after it.
 * @param {string} cwd
 * @param {import("../../sandbox/src/index.js").Sandbox} sandbox
 */
function writeInputs(cwd, sandbox) {
  const [source, ...sinks] = sandbox.organizations;
  const type = "pulumi-nodejs:dynamic/datadog:OrgConnection";
  const resources = sinks.slice(0, 3).map(({ key, id, name }) => {
    const urn = `urn:pulumi:dev::bench::${type}::to-${key}`;
    const inputs = { sinkOrgId: id, connectionTypes: ["logs"] };
    const outputs = { ...inputs, sourceOrgId: source?.id, sourceOrgName: source?.name, sinkOrgName: name };
    return { urn, type, custom: true, id, inputs, outputs };
  });
  const steps = resources.map(({ urn, inputs }) => ({ op: "create", urn, newState: { type, inputs } }));
  writeFileSync(join(cwd, "preview.json"), JSON.stringify({ steps, changeSummary: { create: 3 } }));
  writeFileSync(join(cwd, "state.json"), JSON.stringify({ version: 3, deployment: { resources } }));
}
