import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeArchives } from "./archives/archive.mjs";
import { prepare, root } from "./bootstrap.mjs";
import { exitWithError, logLine } from "./output.mjs";

// `npm run archives` writes the archives of the plugin and of the command line for all platforms, and their SHA256SUMS, into
// `.local/archives`. `-- --only linux-amd64` writes those of one platform, `--out FOLDER` writes into another folder, and
// `--node-dist https://nodejs.org/dist` takes Node's own binaries, as a release does.
try {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      only: { type: "string", multiple: true },
      "node-dist": { type: "string" },
    },
  });
  // npm runs this script in the root, and passes the user's folder in INIT_CWD.
  const out =
    values.out === undefined
      ? join(root, ".local", "archives")
      : resolve(process.env["INIT_CWD"] ?? ".", values.out);
  await prepare({ log: logLine });
  await writeArchives({ out, dist: values["node-dist"], only: values.only });
} catch (error) {
  exitWithError(error);
}
