import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runEveryCommand } from "./lifecycle-commands.mjs";
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
