import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../tools/bootstrap.mjs";
import { computeSpread } from "../figures.mjs";
import { measureCommand } from "../measure-command.mjs";

/** @typedef {{ command: string, milliseconds: import("../figures.mjs").Spread }} CommandLineTime */

const type = "pulumi-nodejs:dynamic/datadog:OrgConnection";
/** The last event of a preview. */
const SUMMARY = JSON.stringify({ sequence: 0, timestamp: 0, summaryEvent: { resourceChanges: {} } });
const main = join(root, "cli", "dist", "main.js");

/**
 * Measures the commands of the command line, and a Node process that does nothing. Requests go to the sandbox
 * on loopback.
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

/** How many resources the large previews create, and how many they delete. */
const MANY = 5000;

const review = {
  changed: "`review`, 10,000 connections, all created or deleted",
  unchanged: "`review`, 10,000 connections, all unchanged",
};

/** @type {{ title: string, args: string[], code?: number }[]} */
const lines = [
  { title: "`node -e 0`", args: ["-e", "0"] },
  { title: "`datadog-org-connections --help`", args: [main, "--help"] },
  { title: "`review`, three new connections", args: [main, "review", "preview.json"], code: 3 },
  { title: review.changed, args: [main, "review", "changed.json"], code: 4 },
  { title: review.unchanged, args: [main, "review", "unchanged.json"] },
  { title: "`map --format mermaid`", args: [main, "map", "--state", "state.json", "--format", "mermaid"] },
  { title: "`map --format html`", args: [main, "map", "--state", "state.json"] },
  { title: "`inventory`, one organization", args: [main, "inventory"] },
  { title: "`discover`, one organization", args: [main, "discover"] },
];

/**
 * Writes a preview of three connections, the state after it, and large previews.
 * @param {string} cwd
 * @param {import("../../sandbox/src/index.js").Sandbox} sandbox
 */
function writeInputs(cwd, sandbox) {
  const [source, ...sinks] = sandbox.organizations;
  const resources = sinks.slice(0, 3).map(({ key, id, name }) => {
    const urn = formatUrn(key);
    const inputs = { sinkOrgId: id, connectionTypes: ["logs"] };
    const outputs = { ...inputs, sourceOrgId: source?.id, sourceOrgName: source?.name, sinkOrgName: name };
    return { urn, type, custom: true, id, inputs, outputs };
  });
  const creates = resources.map(({ urn, inputs }) => formatEvent("create", { urn, type, inputs }));
  writeFileSync(join(cwd, "preview.json"), [...creates, SUMMARY].join("\n"));
  writeFileSync(join(cwd, "state.json"), JSON.stringify({ version: 3, deployment: { resources } }));
  writeFileSync(
    join(cwd, "changed.json"),
    createEvents((at) => (at < MANY ? "create" : "delete")),
  );
  writeFileSync(
    join(cwd, "unchanged.json"),
    createEvents(() => "same"),
  );
}

/**
 * Creates the events of a preview of 2 × {@link MANY} connections.
 * @param {(at: number) => "create" | "delete" | "same"} chooseOperation
 */
function createEvents(chooseOperation) {
  const events = Array.from({ length: 2 * MANY }, (_, at) => {
    const id = formatUuid(at);
    const inputs = { source: "hub", sinkOrgId: id, connectionTypes: ["logs"] };
    const outputs = { ...inputs, sourceOrgId: formatUuid(2 * MANY) };
    return formatEvent(chooseOperation(at), { urn: formatUrn(id), type, id, inputs, outputs });
  });
  return [...events, SUMMARY].join("\n");
}

/**
 * @param {"create" | "delete" | "same"} op
 * @param {{ urn: string, type: string, id?: string, inputs: object, outputs?: object }} resource
 */
function formatEvent(op, { id, outputs, ...planned }) {
  const stored = { ...planned, id, outputs };
  const metadata = {
    op,
    urn: planned.urn,
    type,
    ...(op !== "create" && { old: stored }),
    ...(op !== "delete" && { new: op === "same" ? stored : planned }),
  };
  return JSON.stringify({ sequence: 0, timestamp: 0, resourcePreEvent: { planning: true, metadata } });
}

/** @param {string} name */
const formatUrn = (name) => `urn:pulumi:dev::bench::${type}::to-${name}`;

/** @param {number} at */
const formatUuid = (at) => `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;

/**
 * Computes how much longer a review takes if all connections change: the parsing is about the same.
 * @param {CommandLineTime[]} times
 * @returns {import("../compare-rounds.mjs").Bound[]} empty if they were not measured
 */
export function computeReviewBound(times) {
  const [changed, unchanged] = [review.changed, review.unchanged].map(
    (title) => times.find(({ command }) => command === title)?.milliseconds.median,
  );
  if (changed === undefined || unchanged === undefined) return [];
  return [
    { what: "review of 10,000 changes: wall ÷ that of no change", value: changed / unchanged, atMost: 2 },
  ];
}
