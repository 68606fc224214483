import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../bootstrap.mjs";
import { logLine, runWithProgress, SetupError } from "../output.mjs";
import { runCommand } from "../run-command.mjs";
import { withWorkFolder } from "../run-vitest.mjs";
import { bundleScript } from "./bundle.mjs";
import { ensureNodeBinary } from "./node-binary.mjs";

/** @typedef {{ os: "linux" | "darwin" | "windows", arch: "amd64" | "arm64" }} Target a platform, in the words of Pulumi */

/** @type {readonly Target[]} */
const TARGETS = [
  { os: "linux", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "amd64" },
  { os: "windows", arch: "arm64" },
];

/** The file of Panzoom that the page of `map` contains, as in cli/src/commands/map/html.ts. */
const PANZOOM = "@panzoom/panzoom/dist/panzoom.min.js";

/** The programs, with the files of `node_modules` that they read when they run. */
export const PROGRAMS = /** @type {const} */ ({
  plugin: { name: "pulumi-resource-datadog-org-connections", data: [] },
  cli: { name: "datadog-org-connections", data: [PANZOOM] },
});

/** @typedef {keyof typeof PROGRAMS} Program */

/** Returns the platform in the words of Node. @param {Target} target */
const toPlatform = ({ os, arch }) => `${os === "windows" ? "win" : os}-${arch === "amd64" ? "x64" : arch}`;

/** The platform of this process, in the words of Node's downloads. @type {string} */
export const host = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** The target that this process can run. Undefined on other platforms. */
export const HOST_TARGET = TARGETS.find((target) => toPlatform(target) === host);

/**
 * A program that was bundled, and can be written for each platform.
 * @typedef {object} Bundle
 * @property {Program} program
 * @property {string} version
 * @property {string} code
 * @property {string} licenses
 */

/** @param {Program} program @returns {Promise<Bundle>} */
export async function createBundle(program) {
  const { version } = JSON.parse(readFileSync(join(root, program, "package.json"), "utf8"));
  const data = PROGRAMS[program].data.map((file) => join(root, "node_modules", file));
  return { program, version, ...(await bundleScript(program, data)) };
}

/**
 * Writes the archives of both programs and their `SHA256SUMS`, and prints the path of each.
 * @param {{ out: string, dist?: string | undefined, only?: string[] | undefined }} options `only`: platforms, such as `linux-amd64`
 */
export async function writeArchives({ out, dist, only }) {
  const names = TARGETS.map(({ os, arch }) => `${os}-${arch}`);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new SetupError(`--only ${unknown}: the platforms are ${names.join(", ")}.`);
  // The sums of an earlier run are no longer true.
  rmSync(join(out, "SHA256SUMS"), { force: true });
  mkdirSync(out, { recursive: true });
  const sums = [];
  for (const program of /** @type {const} */ (["plugin", "cli"])) {
    const bundle = await createBundle(program);
    for (const target of TARGETS) {
      const platform = `${target.os}-${target.arch}`;
      if (only && !only.includes(platform)) continue;
      const archive = await runWithProgress(
        { what: `Writing the archive of ${PROGRAMS[program].name} for ${platform}`, log: logLine },
        () => withWorkFolder("archive", (work) => writeArchive(bundle, target, { work, out, dist })),
      );
      const content = readFileSync(join(out, archive));
      sums.push(`${createHash("sha256").update(content).digest("hex")}  ${archive}\n`);
      console.log(relative(process.env["INIT_CWD"] ?? ".", join(out, archive)));
    }
  }
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
}

/**
 * Writes the archive of a program for a platform: the executable at the root, as the engine expects it, and the licenses. An
 * unsigned executable does not start on macOS on arm64, so that archive has the script, which needs Node.
 * @param {Bundle} bundle
 * @param {Target} target
 * @param {{ work: string, out: string, dist: string | undefined }} options `work` is an empty folder
 * @returns {Promise<string>} the name of the archive
 */
export async function writeArchive(bundle, target, { work, out, dist }) {
  const { program, version, licenses } = bundle;
  const content = join(work, "content");
  mkdirSync(content);
  copyFileSync(join(root, program, "LICENSE"), join(content, "LICENSE"));
  writeFileSync(join(content, "THIRD_PARTY_LICENSES.txt"), licenses);
  if (target.os === "darwin" && target.arch === "arm64") writeScript(bundle, content);
  else await writeExecutable(bundle, target, { work, content, dist });
  const archive = `${PROGRAMS[program].name}-v${version}-${target.os}-${target.arch}.tar.gz`;
  // A dynamic import, because this module must load before packages are installed.
  const { create } = await import("tar");
  // The same content gives the same bytes: no owner, no time, and the names in order.
  const options = { file: join(out, archive), cwd: content, gzip: true, portable: true, mtime: new Date(0) };
  await create(options, readdirSync(content).toSorted());
  return archive;
}

/** @param {Bundle} bundle @param {string} content */
function writeScript({ program, version, code }, content) {
  const { name, data } = PROGRAMS[program];
  mkdirSync(join(content, "dist"));
  writeFileSync(join(content, "dist", "main.js"), code);
  // Without it, Node would take the type of modules from a package.json above.
  writeFileSync(join(content, "package.json"), `${JSON.stringify({ name, version, type: "commonjs" })}\n`);
  for (const file of data) {
    const folder = join(content, "node_modules", dirname(dirname(file)));
    cpSync(join(root, "node_modules", dirname(dirname(file))), folder, { recursive: true });
  }
  const script = readFileSync(join(root, "plugin", PROGRAMS.plugin.name), "utf8");
  writeFileSync(join(content, name), script.replaceAll(PROGRAMS.plugin.name, name));
  chmodSync(join(content, name), 0o755);
}

/**
 * Writes a single executable (https://nodejs.org/api/single-executable-applications.html).
 * @param {Bundle} bundle
 * @param {Target} target
 * @param {{ work: string, content: string, dist: string | undefined }} options
 */
async function writeExecutable({ program, code }, target, { work, content, dist }) {
  const { name, data } = PROGRAMS[program];
  const platform = toPlatform(target);
  const hostNode = await ensureNodeBinary(host, dist);
  const node = await ensureNodeBinary(platform, dist);
  copyFileSync(join(dirname(hostNode), "LICENSE"), join(content, "NODE_LICENSE"));
  writeFileSync(join(work, "main.js"), code);
  const output = join(content, `${name}${target.os === "windows" ? ".exe" : ""}`);
  const configuration = {
    // The executable contains this path, and must not differ between builds.
    main: "main.js",
    output,
    executable: node,
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS and arguments of Node are for the Node of the user, which is another version.
    execArgvExtension: "none",
    // Only the Node of the same platform accepts the compiled code.
    useCodeCache: platform === host,
    assets: Object.fromEntries(data.map((file) => [file, join(root, "node_modules", file)])),
  };
  writeFileSync(join(work, "sea.json"), JSON.stringify(configuration));
  await runCommand(hostNode, ["--build-sea", "sea.json"], { cwd: work, timeoutMs: 5 * 60_000 });
}
