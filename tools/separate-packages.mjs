import { join } from "node:path";
import { installPackages } from "./packed-package.mjs";
import { runCommand } from "./run-command.mjs";

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
