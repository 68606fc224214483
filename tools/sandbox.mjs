import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { logLine } from "./progress.mjs";
import { exitWith } from "./setup-error.mjs";

// `npm run sandbox`: the package's own command `datadog-org-connections sandbox`, in a clean clone too.
try {
  await prepare({ log: logLine });
  const cli = join(root, "cli", "dist", "main.js");
  const child = spawn(process.execPath, [cli, "sandbox", ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches the child as well; it ends first, and its code is ours.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
  child.on("close", (code) => process.exit(code ?? 1));
} catch (error) {
  exitWith(error);
}
