import { prepare } from "./bootstrap.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { exitWith } from "./setup-error.mjs";

// `npm run setup`: everything that `npm start` and `npm test` would set up, and where the Pulumi CLI is.
try {
  await prepare({ log: logLine });
  const { bin, version, how } = await ensurePulumi({ log: logLine });
  console.log(`pulumi ${version} (${how}): ${bin}`);
} catch (error) {
  exitWith(error);
}
