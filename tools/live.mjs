import { prepare, root } from "./bootstrap.mjs";
import { exitWithError, logLine } from "./output.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";

// `npm run test:live` compares an API with the assumptions of the sandbox (test/live). Everything runs in this process, not in a
// worker of a test runner: when it is killed, nothing of it goes on to send requests.

try {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      // The second one ends the process at once. The next run then deletes what this one leaves.
      if (interruption.signal.aborted) process.exit(1);
      logLine("Interrupted: deleting the connections of this run …");
      interruption.abort();
    });
  }
  await prepare({ log: logLine });
  process.exitCode = await useTypeScript("test/live/run-live.ts", ({ runLive }) =>
    runLive({
      args: process.argv.slice(2),
      env: process.env,
      root,
      signal: interruption.signal,
      print: (/** @type {string} */ text) => process.stdout.write(text),
      logLine,
      preparePulumi: async () => (await ensurePulumi({ log: logLine })).binDir,
    }),
  );
} catch (error) {
  exitWithError(error);
}

/**
 * Loads a TypeScript module of the repository into this process, without a build, and calls `use` with it. Vitest's server
 * compiles it, as it does for tests.
 * @template Result
 * @param {string} file relative to the root
 * @param {(module: any) => Promise<Result>} use
 * @returns {Promise<Result>}
 */
async function useTypeScript(file, use) {
  // A dynamic import, because this module must load before packages are installed.
  const { createViteServer } = await import("vitest/node");
  const server = await createViteServer({
    configFile: false,
    root,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, watch: null, ws: false, hmr: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await use(await server.ssrLoadModule(`/${file}`));
  } finally {
    await server.close();
  }
}
