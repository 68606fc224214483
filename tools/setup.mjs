import { prepare } from "./bootstrap.mjs";
import { setUpLanguages } from "./languages/set-up-languages.mjs";
import { formatPathCommand } from "./next-steps.mjs";
import { logLine, exitWithError } from "./output.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";

// `npm run setup` sets up everything that `npm start` and `npm test` need, and prints the path of the Pulumi
// CLI. With `--shellenv`, it prints the command of a shell that adds this CLI and the command line to PATH:
// `eval "$(npm run --silent setup -- --shellenv)"`. With `--languages`, it also sets up what the slow tests of
// YAML, Python and Go programs need.
const isForShell = process.argv.includes("--shellenv");
try {
  await prepare({ log: logLine });
  const cli = await ensurePulumi({ log: logLine });
  const { bin, binDir, version, how } = cli;
  console.log(isForShell ? formatPathCommand(binDir) : `pulumi ${version} (${how}): ${bin}`);
  if (process.argv.includes("--languages")) {
    const { hostsDir, python, sdks } = await setUpLanguages(cli);
    console.log(`language hosts: ${hostsDir}\npython: ${python}\nSDKs of the plugin: ${sdks}`);
  }
} catch (error) {
  exitWithError(error);
}
