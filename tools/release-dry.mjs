import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { writeArchives } from "./archives/archive.mjs";
import { prepare, root } from "./bootstrap.mjs";
import { exitWithError, logLine, runWithProgress } from "./output.mjs";
import { runConnectionLifecycle } from "./packed-package-checks.mjs";
import { installPackages, packPackages, PUBLISHED } from "./packed-package.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { startRegistry } from "./release/local-registry.mjs";
import { withWorkFolder } from "./run-vitest.mjs";

// `npm run release:dry` rehearses a release: it builds the packages and archives of all platforms into `.local/release`, publishes the
// packages to a registry on loopback, installs them from there into an empty folder, and runs the life of a connection and every
// command. It prints each artifact with its size and SHA-256. In another run, only the executables for this platform differ, because
// the code that V8 compiles for them does.

const out = join(root, ".local", "release");

/** @param {string} folder an empty work folder */
async function rehearse(folder) {
  const cli = await ensurePulumi({ log: logLine });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const tarballs = await packPackages(join(folder, "tarballs"));
  for (const tarball of Object.values(tarballs)) copyFileSync(tarball, join(out, basename(tarball)));
  copyFileSync(join(root, "plugin", "schema.json"), join(out, "schema.json"));
  await writeArchives({ out });
  const names = PUBLISHED.map(
    (name) => JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")).name,
  );
  const registry = await startRegistry(join(folder, "registry"), names);
  try {
    await runWithProgress({ what: "Publishing to the local registry", log: logLine }, async () => {
      for (const tarball of Object.values(tarballs)) await registry.publish(tarball);
    });
    const user = join(folder, "user");
    await installPackages(user, [...names, "@pulumi/pulumi@3.248.0", "typescript@5.9.3"], registry.url);
    await runWithProgress({ what: "The life of a connection, and every command", log: logLine }, () =>
      runConnectionLifecycle({ folder: user, nodeDir: dirname(process.execPath), binDir: cli.binDir }),
    );
  } finally {
    registry.stop();
  }
}

/** Formats the artifacts: SHA-256, bytes and name of each. */
function formatArtifacts() {
  const lines = readdirSync(out)
    .toSorted()
    .map((name) => {
      const content = readFileSync(join(out, name));
      return `${createHash("sha256").update(content).digest("hex")} ${String(content.length).padStart(9)} ${name}`;
    });
  return `${lines.join("\n")}\n`;
}

try {
  await prepare({ log: logLine });
  // Outside of the repository, so that the installed packages cannot find its modules.
  await withWorkFolder("release", rehearse, tmpdir());
  const artifacts = formatArtifacts();
  writeFileSync(join(root, ".local", "release.txt"), artifacts);
  console.log(artifacts);
} catch (error) {
  exitWithError(error);
}
