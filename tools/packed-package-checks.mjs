import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPackages } from "./packed-package.mjs";
import { createIsolatedEnv } from "./pulumi-env.mjs";
import { runCommand } from "./run-command.mjs";

const nodeName = process.platform === "win32" ? "node.exe" : "node";

/**
 * Tests the lifecycle of a connection in a folder where a user installed the packed package: preview, up, no
 * changes, every command, an added type, repaired drift, a new destination, refresh, destroy. Checks each
 * step in the sandbox, not in the stack. Rejects on the first difference.
 *
 * `folder` contains node_modules with the package and `@pulumi/pulumi`, `nodeDir` the Node to use, `binDir`
 * the CLI.
 * @param {{ folder: string, nodeDir: string, binDir: string, language?: "typescript" | "javascript" }} options
 */
export async function runConnectionLifecycle({ folder, nodeDir, binDir, language = "typescript" }) {
  // The installed sandbox package, as users get it.
  /** @type {import("../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(join(folder, "package.json"))("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  const place = join(folder, `life-${language}`);
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  mkdirSync(join(place, "backend"), { recursive: true });
  const env = createIsolatedEnv({
    home: join(place, "home"),
    backendDir: join(place, "backend"),
    binDir,
    nodeDir,
    extra: { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey },
  });

  /** @param {...string} args */
  const pulumi = (...args) => runCommand("pulumi", args, { cwd: place, env, timeoutMs: 5 * 60_000 });
  /** @param {string} destination @param {string[]} types */
  const declare = (destination, types) => writeProgram(place, language, destination, types);
  /** @param {string} step @param {...string} expected */
  const expectLive = (step, ...expected) => {
    const name = (/** @type {string} */ id) => sandbox.organizations.find((org) => org.id === id)?.key;
    const live = sandbox
      .listConnections()
      .map((row) => `${name(row.sourceOrgId)} to ${name(row.sinkOrgId)}: ${row.connectionTypes.join(", ")}`);
    if (live.join("; ") === expected.join("; ")) return;
    throw new Error(
      `after ${step}, the sandbox has [${live.join("; ")}] instead of [${expected.join("; ")}]`,
    );
  };

  try {
    declare("Acme Observability", ["logs"]);
    await pulumi("stack", "init", "dev");
    await pulumi("preview");
    expectLive("preview");
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("up", "payments to observability: logs");
    expectLeanState(await pulumi("stack", "export", "--show-secrets"), apiKey, appKey);
    await pulumi("preview", "--expect-no-changes");
    declare("Acme Observability", ["metrics", "logs"]);
    await runEveryCommand({ folder, place, env, node: join(nodeDir, nodeName), pulumi });
    expectLive("all commands", "payments to observability: logs");
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("an added type", "payments to observability: logs, metrics");
    sandbox.changeTypes(sandbox.listConnections()[0]?.id ?? "", ["audit"]);
    await pulumi("refresh", "--yes", "--skip-preview");
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("repaired drift", "payments to observability: logs, metrics");
    declare("Acme Security", ["logs"]);
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("a new destination", "payments to security: logs");
    await pulumi("destroy", "--yes", "--skip-preview");
    expectLive("destroy");
  } finally {
    await sandbox.close();
  }
}

/**
 * Checks that the state has no key, and at most 1,250 bytes of compact JSON for the connection, without
 * stackTrace and sourcePosition.
 * @param {string} exported
 * @param {...string} keys
 */
function expectLeanState(exported, ...keys) {
  if (keys.some((key) => exported.includes(key))) throw new Error("the state contains a key");
  /** @type {{ deployment: { resources: { type: string }[] } }} */
  const { deployment } = JSON.parse(exported);
  const [connection] = deployment.resources.filter(({ type }) => type.endsWith(":OrgConnection"));
  const bytes = JSON.stringify({ ...connection, stackTrace: undefined, sourcePosition: undefined }).length;
  if (bytes > 1250 || bytes < 100) throw new Error(`the state of the connection takes ${bytes} bytes`);
}

/**
 * @param {string} place
 * @param {"typescript" | "javascript"} language
 * @param {string} name the name of the destination organization
 * @param {string[]} types
 */
function writeProgram(place, language, name, types) {
  const names = "getOrganization, OrgConnection";
  const declaration = `new OrgConnection("hub", { sinkOrgId: destination.id, connectionTypes: ${JSON.stringify(types)} });`;
  const body = `  const destination = await getOrganization({ name: ${JSON.stringify(name)} });\n  ${declaration}\n`;
  const isTypeScript = language === "typescript";
  const program = isTypeScript
    ? `import { ${names} } from "pulumi-datadog-org-connections";\nexport = async (): Promise<void> => {\n${body}};\n`
    : `const { ${names} } = require("pulumi-datadog-org-connections");\nmodule.exports = async () => {\n${body}};\n`;
  writeFileSync(join(place, isTypeScript ? "index.ts" : "index.js"), program);
  writeFileSync(
    join(place, "Pulumi.yaml"),
    `name: life\nruntime:\n  name: nodejs\n  options:\n    typescript: ${isTypeScript}\n`,
  );
  writeFileSync(
    join(place, "package.json"),
    `{ "name": "life", "main": "index.${isTypeScript ? "ts" : "js"}" }\n`,
  );
  if (!isTypeScript) return;
  const compilerOptions = { target: "es2022", module: "node16", moduleResolution: "node16", strict: true };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
}

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
async function runEveryCommand({ folder, place, env, node, pulumi }) {
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

/**
 * Installs and uses each published package without the others. (The command line depends on the sandbox.)
 * Rejects if one does not work.
 * @param {{ folder: string, nodeDir: string, sdk: string, tarballs:
 *   Record<import("./packed-package.mjs").Published, string>, install?: typeof installPackages }} options `sdk` is a version of
 *   `@pulumi/pulumi`
 */
export async function testPackagesSeparately({ folder, nodeDir, sdk, tarballs, install = installPackages }) {
  const provider = join(folder, "provider");
  const sandbox = join(folder, "sandbox");
  const cli = join(folder, "cli");
  await install(provider, [tarballs.provider, `@pulumi/pulumi@${sdk}`]);
  await install(sandbox, [tarballs.sandbox]);
  await install(cli, [tarballs.cli, tarballs.sandbox]);
  /** @param {string} cwd @param {string} code */
  const run = (cwd, code) => runCommand(join(nodeDir, "node"), ["-e", code], { cwd });
  await run(provider, LOAD_PROVIDER);
  await run(sandbox, USE_SANDBOX);
  const help = await runCommand(
    join(nodeDir, "node"),
    [join(cli, "node_modules/.bin/datadog-org-connections"), "--help"],
    {
      cwd: cli,
    },
  );
  if (!help.includes("Usage: datadog-org-connections")) throw new Error(`the command line printed:\n${help}`);
}

/** Both entries load without the HTTP client and the index of the SDK. Only users of a workload identity install a cloud's library. */
const LOAD_PROVIDER = `
  const { peerDependenciesMeta } = require("pulumi-datadog-org-connections/package.json");
  const optional = Object.keys(peerDependenciesMeta);
  const installed = optional.filter((name) => require("fs").existsSync("node_modules/" + name));
  if (optional.length === 0 || installed.length > 0) throw new Error("optional and installed: " + installed);
  const { OrgConnection } = require("pulumi-datadog-org-connections");
  const { handler, setHandler } = require("pulumi-datadog-org-connections/host");
  if (![OrgConnection, handler, setHandler].every((one) => typeof one === "function")) throw new Error("a name is missing");
  const heavy = Object.keys(require.cache).filter((file) => /node_modules.(axios.|@pulumi.pulumi.index.js)/.test(file));
  if (heavy.length > 0) throw new Error("loaded: " + heavy);
`;
const USE_SANDBOX = `
  const { startSandbox } = require("datadog-org-connections-sandbox");
  startSandbox().then(async (sandbox) => {
    const { apiKey, appKey } = sandbox.getOrganization("payments");
    const headers = { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey };
    const { status } = await fetch(sandbox.url + "/api/v2/org_connections", { headers });
    await sandbox.close();
    if (status !== 200) throw new Error("status " + status);
  });
`;
