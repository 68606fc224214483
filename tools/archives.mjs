import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createBundle, PROGRAMS, TARGETS, writeArchive } from "./archives/archive.mjs";
import { prepare, root } from "./bootstrap.mjs";
import { exitWithError, logLine, runWithProgress, SetupError } from "./output.mjs";
import { addInterruptCleanup } from "./run-command.mjs";

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
  const names = TARGETS.map(({ os, arch }) => `${os}-${arch}`);
  const unknown = values.only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new SetupError(`--only ${unknown}: the platforms are ${names.join(", ")}.`);
  // npm runs this script in the root, and passes the user's folder in INIT_CWD.
  const out =
    values.out === undefined
      ? join(root, ".local", "archives")
      : resolve(process.env["INIT_CWD"] ?? ".", values.out);
  await prepare({ log: logLine });
  rmSync(join(out, "SHA256SUMS"), { force: true });
  mkdirSync(out, { recursive: true });
  const sums = [];
  for (const program of /** @type {(keyof typeof PROGRAMS)[]} */ (Object.keys(PROGRAMS))) {
    const bundle = await createBundle(program);
    for (const target of TARGETS) {
      const platform = `${target.os}-${target.arch}`;
      if (values.only && !values.only.includes(platform)) continue;
      const work = mkdtempSync(join(tmpdir(), "archive-"));
      const removeFolder = () => rmSync(work, { recursive: true, force: true });
      const forget = addInterruptCleanup(removeFolder);
      try {
        const archive = await runWithProgress(
          { what: `Writing the archive of ${PROGRAMS[program].name} for ${platform}`, log: logLine },
          () => writeArchive(bundle, target, { work, out, dist: values["node-dist"] }),
        );
        const sum = createHash("sha256")
          .update(readFileSync(join(out, archive)))
          .digest("hex");
        sums.push(`${sum}  ${archive}\n`);
        console.log(relative(process.env["INIT_CWD"] ?? ".", join(out, archive)));
      } finally {
        forget();
        removeFolder();
      }
    }
  }
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
} catch (error) {
  exitWithError(error);
}
