import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { logLine, exitWithError } from "./output.mjs";

// `npm run sandbox` runs the command `datadog-org-connections sandbox`, also in a clean clone.
try {
  await prepare({ log: logLine });
  const cli = join(root, "cli", "dist", "main.js");
  const child = spawn(process.execPath, [cli, "sandbox", ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C also reaches the child. Wait for it and return its exit code.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
  child.on("close", (code) => process.exit(code ?? 1));
} catch (error) {
  exitWithError(error);
}
