import { prepare } from "./bootstrap.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { exitWithError } from "./setup-error.mjs";

// `npm run setup` sets up everything that `npm start` and `npm test` need, and prints the path of the Pulumi
// CLI.
try {
  await prepare({ log: logLine });
  const { bin, version, how } = await ensurePulumi({ log: logLine });
  console.log(`pulumi ${version} (${how}): ${bin}`);
} catch (error) {
  exitWithError(error);
}
