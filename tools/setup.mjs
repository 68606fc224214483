import { prepare } from "./bootstrap.mjs";
import { formatPathCommand } from "./next-steps.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { exitWithError } from "./setup-error.mjs";

// `npm run setup` sets up everything that `npm start` and `npm test` need, and prints the path of the Pulumi
// CLI. With `--shellenv`, it prints the command of a shell that adds this CLI and the command line to PATH:
// `eval "$(npm run --silent setup -- --shellenv)"`.
const isForShell = process.argv.includes("--shellenv");
try {
  await prepare({ log: logLine });
  const { bin, binDir, version, how } = await ensurePulumi({ log: logLine });
  console.log(isForShell ? formatPathCommand(binDir) : `pulumi ${version} (${how}): ${bin}`);
} catch (error) {
  exitWithError(error);
}
