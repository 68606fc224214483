import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runEveryCommand } from "./life-commands.mjs";
import { isolatedEnv } from "./pulumi-env.mjs";
import { runCommand } from "./run-command.mjs";

const nodeName = process.platform === "win32" ? "node.exe" : "node";

/**
 * The whole life of a connection in a folder where a user installed the packed package: preview, up, nothing to do, what
 * every command says of it, a type added, drift repaired, a new sink, refresh, destroy; each step checked in the sandbox,
 * not in the stack. Rejects on the first surprise.
 *
 * `folder` holds node_modules with the package and `@pulumi/pulumi`, `nodeDir` the Node to run on, `binDir` the CLI.
 * @param {{ folder: string, nodeDir: string, binDir: string, language?: "typescript" | "javascript" }} options
 */
export async function runLifeOfAConnection({ folder, nodeDir, binDir, language = "typescript" }) {
  // The sandbox of the installed package, as its users get it.
  /** @type {import("../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(join(folder, "package.json"))("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  const place = join(folder, `life-${language}`);
  const { apiKey, appKey } = sandbox.organization("payments");
  mkdirSync(join(place, "backend"), { recursive: true });
  const env = isolatedEnv({
    home: join(place, "home"),
    backendDir: join(place, "backend"),
    binDir,
    nodeDir,
    extra: { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey },
  });

  /** @param {...string} args */
  const pulumi = (...args) => runCommand("pulumi", args, { cwd: place, env, timeoutMs: 5 * 60_000 });
  /** @param {string} sink @param {string[]} types */
  const declare = (sink, types) => writeProgram(place, language, sink, types);
  /** @param {string} step @param {...string} expected */
  const expectLive = (step, ...expected) => {
    const name = (/** @type {string} */ id) => sandbox.organizations.find((org) => org.id === id)?.key;
    const live = sandbox
      .connections()
      .map((row) => `${name(row.sourceOrgId)} to ${name(row.sinkOrgId)}: ${row.connectionTypes.join(", ")}`);
    if (live.join("; ") === expected.join("; ")) return;
    throw new Error(`after ${step} the sandbox has [${live.join("; ")}], not [${expected.join("; ")}]`);
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
    expectLive("all commands, which only read", "payments to observability: logs");
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("a type added", "payments to observability: logs, metrics");
    sandbox.changeTypes(sandbox.connections()[0]?.id ?? "", ["audit"]);
    await pulumi("refresh", "--yes", "--skip-preview");
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("drift repaired", "payments to observability: logs, metrics");
    declare("Acme Security", ["logs"]);
    await pulumi("up", "--yes", "--skip-preview");
    expectLive("a new sink", "payments to security: logs");
    await pulumi("destroy", "--yes", "--skip-preview");
    expectLive("destroy");
  } finally {
    await sandbox.close();
  }
}

/**
 * No key, and at most 1,250 bytes of compact JSON for the connection, its stackTrace and sourcePosition apart.
 * @param {string} exported
 * @param {...string} keys
 */
function expectLeanState(exported, ...keys) {
  if (keys.some((key) => exported.includes(key))) throw new Error("the state holds a key");
  /** @type {{ deployment: { resources: { type: string }[] } }} */
  const { deployment } = JSON.parse(exported);
  const [connection] = deployment.resources.filter(({ type }) => type.endsWith(":OrgConnection"));
  const bytes = JSON.stringify({ ...connection, stackTrace: undefined, sourcePosition: undefined }).length;
  if (bytes > 1250 || bytes < 100) throw new Error(`the state of the connection takes ${bytes} bytes`);
}

/**
 * @param {string} place
 * @param {"typescript" | "javascript"} language
 * @param {string} sink
 * @param {string[]} types
 */
function writeProgram(place, language, sink, types) {
  const names = "getOrganization, OrgConnection";
  const declaration = `new OrgConnection("hub", { sinkOrgId: sink.id, connectionTypes: ${JSON.stringify(types)} });`;
  const body = `  const sink = await getOrganization({ name: ${JSON.stringify(sink)} });\n  ${declaration}\n`;
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
