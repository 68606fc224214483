import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { logLine, runWithProgress, SetupError } from "../output.mjs";
import { addInterruptCleanup, createNpmEnv, getNpmCommand, runCommand } from "../run-command.mjs";

const sources = fileURLToPath(new URL("./registry/", import.meta.url));

/**
 * Starts a registry for npm on loopback: it stores what is published to it, and passes on requests for all other packages to the
 * configured registry.
 * @param {string} folder an empty folder for its packages and its data
 * @param {readonly string[]} names the packages to publish
 * @returns {Promise<{ url: string, publish: (tarball: string) => Promise<void>, stop: () => void }>}
 */
export async function startRegistry(folder, names) {
  const npm = getNpmCommand();
  cpSync(sources, folder, { recursive: true });
  const install = [...npm.args, "ci", "--ignore-scripts", "--no-fund", "--no-audit"];
  await runWithProgress({ what: "Installing the local registry", log: logLine }, () =>
    runCommand(npm.command, install, { cwd: folder, env: createNpmEnv(), timeoutMs: 10 * 60_000 }),
  );
  const upstream = (await runCommand(npm.command, [...npm.args, "config", "get", "registry"])).trim();
  const port = await findFreePort();
  const configuration = {
    storage: join(folder, "storage"),
    uplinks: { upstream: { url: upstream } },
    packages: {
      ...Object.fromEntries(names.map((name) => [name, { access: "$all", publish: "$all" }])),
      "**": { access: "$all", proxy: "upstream" },
    },
    log: { type: "file", path: join(folder, "log"), level: "warn" },
  };
  mkdirSync(configuration.storage);
  // JSON is YAML.
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(configuration));
  const address = `127.0.0.1:${port}`;
  const script = join(folder, "node_modules", "verdaccio", "bin", "verdaccio");
  const child = spawn(
    process.execPath,
    [script, "--config", join(folder, "config.yaml"), "--listen", address],
    { cwd: folder, stdio: "ignore" },
  );
  const stop = () => void child.kill("SIGKILL");
  addInterruptCleanup(stop);
  const url = `http://${address}/`;
  await waitUntilReady(url, child);
  return {
    url,
    stop,
    publish: async (tarball) => {
      // npm wants a token. The registry accepts every one.
      const flags = ["--registry", url, `--//${address}/:_authToken=none`, "--provenance=false"];
      await runCommand(npm.command, [...npm.args, "publish", tarball, ...flags], {
        cwd: folder,
        env: createNpmEnv(),
      });
    },
  };
}

/** @param {string} url @param {import("node:child_process").ChildProcess} child */
async function waitUntilReady(url, child) {
  const ended = once(child, "exit").then(() => {
    throw new SetupError("The local registry did not start.");
  });
  const answered = async () => {
    for (;;) {
      const response = await fetch(`${url}-/ping`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await Promise.race([answered(), ended]);
  ended.catch(() => undefined);
}

/** @returns {Promise<number>} */
async function findFreePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
