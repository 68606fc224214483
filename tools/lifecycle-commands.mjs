import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * @typedef {object} Call
 * @property {string[]} args
 * @property {number} code the expected exit code
 * @property {RegExp} prints matches the expected standard output
 */

/**
 * Runs every command of the installed command line once, on a stack with a connection that shares logs and a
 * program that adds metrics. Rejects if a command has another exit code or prints something else.
 * @param {{ folder: string, place: string, env: NodeJS.ProcessEnv, node: string, pulumi: (...args: string[])
 *   => Promise<string> }} options `folder` contains node_modules with the package, `place` the program;
 *   `node` is the executable that runs the commands
 */
export async function runEveryCommand({ folder, place, env, node, pulumi }) {
  const manifest = createRequire(join(folder, "package.json")).resolve(
    "datadog-org-connections/package.json",
  );
  const main = join(dirname(manifest), "dist", "main.js");
  const files = join(place, "reports");
  mkdirSync(files, { recursive: true });
  /** @param {string} name @param {string} text */
  const writeReportFile = (name, text) => {
    writeFileSync(join(files, name), text);
    return join("reports", name);
  };
  const state = writeReportFile("state.json", await pulumi("stack", "export"));
  const preview = writeReportFile("preview.json", await pulumi("preview", "--json"));
  const policy = writeReportFile(
    "policy.json",
    '{ "allow": [{ "sink": "Acme Observability", "types": ["logs"] }] }',
  );
  /** @type {Call[]} */
  const calls = [
    { args: ["--help"], code: 0, prints: /review.*\n[^]*doctor/ },
    {
      args: ["review", preview, "--state", state],
      code: 3,
      prints: /Acme Payments → Acme Observability.*`metrics`/,
    },
    {
      args: ["review", preview, "--stack", "dev", "--lookup", "--format", "json"],
      code: 3,
      prints: /"addedTypes":/,
    },
    {
      args: ["review", preview, "--state", state, "--policy", policy],
      code: 5,
      prints: /`metrics` is outside/,
    },
    { args: ["map", "--state", state], code: 0, prints: /^<!doctype html>[^]*Panzoom[^]*<\/html>\n$/ },
    { args: ["map", "--state", state, "--format", "svg"], code: 0, prints: /^<svg [^]*Acme Payments/ },
    {
      args: ["map", "--state", state, "--format", "mermaid"],
      code: 0,
      prints: /^flowchart [^]*Acme Payments/m,
    },
    { args: ["map", "--live", "--stack", "dev", "--format", "json"], code: 0, prints: /"Acme Payments"/ },
    {
      args: ["inventory", "--stack", "dev"],
      code: 0,
      prints: /Acme Payments +Acme Observability +logs .*hub/,
    },
    { args: ["inventory", "--format", "csv"], code: 0, prints: /Acme Payments,/ },
    { args: ["discover"], code: 0, prints: /import { OrgConnection, [^]*destination: "Acme Observability"/ },
    { args: ["discover", "--stack", "dev", "-o", join(files, "index.ts")], code: 0, prints: /^$/ },
    { args: ["doctor", "--stack", "dev"], code: 0, prints: /ok +package[^]*ok +read/ },
    { args: ["sandbox", "--help"], code: 0, prints: /--port/ },
  ];
  for (const call of calls) {
    const { code, stdout, stderr } = await runFile(node, [main, ...call.args], { cwd: place, env });
    if (code === call.code && call.prints.test(stdout)) continue;
    const line = ["datadog-org-connections", ...call.args].join(" ");
    throw new Error(
      `${line} exited with ${code} instead of ${call.code}, or its output does not match ${String(call.prints)}:\n${stdout}${stderr}`,
    );
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | string | null | undefined, stdout: string, stderr: string }>}
 */
function runFile(node, args, options) {
  return new Promise((resolve) => {
    execFile(node, args, { ...options, timeout: 60_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
