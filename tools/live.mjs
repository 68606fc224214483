import { prepare, root } from "./bootstrap.mjs";
import { useTypeScript } from "./load-typescript.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { exitWithError } from "./setup-error.mjs";

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
