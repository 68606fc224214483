import { parseArgs } from "node:util";
import { prepare } from "./bootstrap.mjs";
import { exitWithError, logLine, SetupError } from "./output.mjs";
import { createSeed, parseWholeNumber, playParts } from "./run-vitest.mjs";

// `npm run faults` tests each kind of fault at each request of each operation of the catalog (test/faults),
// against the dynamic host and against the plugin, each in two processes, and prints the tables of operations and kinds.
// `-- --host plugin` selects a host. `-- --only TEXT` selects the cells whose name contains TEXT. `-- --pairs 500 [--seed N]`
// tests two random faults in one operation.
const processes = 2;
const hosts = ["dynamic", "plugin"];

/**
 * One cell of the table: see test/faults/report.ts.
 * @typedef {{
 *   operation: string, request: number, requests: number, method: string, kind: string,
 *   result: "passed" | "diverged" | "skipped" | "not met", why?: string,
 * }} Cell
 */

/** The results of cells, the worst first. */
const results = /** @type {const} */ (["diverged", "not met", "passed", "skipped"]);

/**
 * Formats the table: for each operation and kind of fault, the count of requests that passed, `-` if the kind
 * does not apply, `!` if one diverged.
 * @param {Cell[]} cells
 */
function formatReport(cells) {
  const kinds = [...new Set(cells.map(({ kind }) => kind))];
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  const width = Math.max(...operations.map((name) => name.length));
  const rows = operations.map((operation) => {
    const own = cells.filter((cell) => cell.operation === operation);
    const marks = kinds.map((kind) => {
      const at = own.filter((cell) => cell.kind === kind);
      if (at.some(({ result }) => result === "diverged" || result === "not met")) return "!";
      const passed = at.filter(({ result }) => result === "passed").length;
      return passed === 0 ? "-" : String(passed);
    });
    const requests = Math.max(...own.map((cell) => cell.requests));
    return `${operation.padEnd(width)}  ${String(requests).padStart(8)}  ${marks.map((mark) => mark.padStart(2)).join(" ")}`;
  });
  const columns = kinds.map((kind, at) => `  ${String(at + 1).padStart(2)}  ${kind}`);
  const numbers = kinds.map((_, at) => String(at + 1).padStart(2)).join(" ");
  return [
    "kinds of faults:",
    ...columns,
    "",
    `${"operation".padEnd(width)}  requests  ${numbers}`,
    ...rows,
    "",
    ...results.map((name) => `${name}: ${cells.filter(({ result }) => result === name).length} cells`),
    ...[...new Set(cells.flatMap(({ result, why }) => (result === "skipped" ? [why ?? ""] : [])))].map(
      (why) => `skipped: ${why}`,
    ),
  ].join("\n");
}

/** @returns {{ file: string, hosts: string[], env: Record<string, string>[] }} the environment of each process of a host */
function parseOptions() {
  const { values } = parseArgs({
    options: {
      host: { type: "string" },
      only: { type: "string" },
      pairs: { type: "string" },
      seed: { type: "string" },
    },
  });
  if (values.host !== undefined && !hosts.includes(values.host))
    throw new SetupError(`--host must be ${hosts.join(" or ")}`);
  const selected = values.host === undefined ? hosts : [values.host];
  const parts = Array.from({ length: processes }, (_, at) => ({ FAULTS_PART: `${at + 1}/${processes}` }));
  if (values.pairs === undefined) {
    const only = values.only === undefined ? {} : { FAULTS_ONLY: values.only };
    return {
      file: "test/faults/single.faults.test.ts",
      hosts: selected,
      env: parts.map((part) => ({ ...part, ...only })),
    };
  }
  const pairs = parseWholeNumber("--pairs", values.pairs, 1, 1);
  const seed = parseWholeNumber("--seed", values.seed, createSeed());
  const share = String(Math.ceil(pairs / processes));
  return {
    file: "test/faults/pairs.faults.test.ts",
    hosts: selected,
    env: parts.map((part, at) => ({ ...part, FAULTS_PAIRS: share, FAULTS_SEED: String(seed + at) })),
  };
}

/**
 * Plays the cells of a host, and prints its table.
 * @param {string} host
 * @param {string} file the test
 * @param {Record<string, string>[]} env of each process
 * @returns {Promise<{ count: number, hasFailed: boolean }>}
 */
async function playHost(host, file, env) {
  const environments = env.map((one) => ({ ...one, FAULTS_HOST: host }));
  const { reports, hasFailed, seconds } = await playParts(file, environments, "FAULTS_REPORT");
  /** @type {Cell[]} */
  const cells = reports.flatMap((text) => text.split("\n").filter(Boolean)).map((line) => JSON.parse(line));
  if (cells.length > 0) console.log(`host: ${host}\n\n${formatReport(cells)}`);
  console.log(`time: ${seconds} s\n`);
  const hasBad = cells.some(({ result }) => result === "diverged" || result === "not met");
  return { count: cells.length, hasFailed: hasFailed || hasBad };
}

try {
  const { file, hosts, env } = parseOptions();
  await prepare({ log: logLine });
  // Concurrently, because the cells often wait for a timeout.
  const results = await Promise.all(hosts.map((host) => playHost(host, file, env)));
  if (results.every(({ count }) => count === 0))
    throw new SetupError("No cell was played. Check --only and the output above.");
  if (results.some(({ hasFailed }) => hasFailed))
    throw new SetupError(
      "A cell diverged, or a fault affected no request: see above. `--only` plays one cell again.",
    );
} catch (error) {
  exitWithError(error);
}
