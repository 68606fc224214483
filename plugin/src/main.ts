/** The program that the engine starts: `pulumi-resource-datadog-org-connections ENGINE_ADDRESS`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { createPluginContext } from "./plugin-context.js";
import { startServer } from "./server.js";

const folder = path.dirname(__dirname);
const manifestSchema = v.object({ version: v.string() });

async function startPlugin(): Promise<void> {
  // The engine's pipe is closed if the engine is killed. Without a listener, the next warning would end this process.
  process.stderr.on("error", () => undefined);
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const { port } = await startServer({
    context: createPluginContext((message) => void process.stderr.write(`${message}\n`)),
    version: v.parse(manifestSchema, manifest).version,
    readSchema: () => readFileSync(path.join(folder, "schema.json"), "utf8"),
    env: process.env,
  });
  // The first line of the output is the port, which the engine reads.
  process.stdout.write(`${port}\n`);
}

startPlugin().catch((error: unknown) => {
  process.stderr.write(`pulumi-resource-datadog-org-connections cannot start: ${String(error)}\n`);
  process.exit(1);
});
