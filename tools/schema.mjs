import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { logLine, exitWithError } from "./output.mjs";

// `npm run schema` writes the schema of the plugin from the types and comments of the sources.
try {
  await prepare({ log: logLine });
  const { formatSchema } = await import("./schema/build-schema.mjs");
  writeFileSync(join(root, "plugin", "schema.json"), await formatSchema(root));
} catch (error) {
  exitWithError(error);
}
