import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./bootstrap.mjs";
import { logLine, runWithProgress, exitWithError } from "./output.mjs";
import { ensureSdkGenerator, generateSdks } from "./languages/sdks.mjs";

// `npm run sdks` writes the SDKs of the plugin for Node, Python and Go into `.local/sdks`. `-- --out FOLDER` writes
// them into another folder.
try {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  // npm runs this script in the root, and passes the user's folder in INIT_CWD.
  const out =
    values.out === undefined
      ? join(root, ".local", "sdks")
      : resolve(process.env["INIT_CWD"] ?? ".", values.out);
  await prepare({ log: logLine });
  const { generator } = await ensureSdkGenerator();
  mkdirSync(out, { recursive: true });
  const folders = await runWithProgress({ what: "Generating the SDKs", log: logLine }, () =>
    generateSdks({ generator, schema: join(root, "plugin", "schema.json"), out }),
  );
  for (const folder of folders) console.log(relative(process.env["INIT_CWD"] ?? ".", folder) || folder);
} catch (error) {
  exitWithError(error);
}
