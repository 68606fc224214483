import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGES } from "./packages.mjs";

/** The files that the builds of the published packages must contain. */
const RESULTS = [
  "provider/dist/index.js",
  "provider/dist/host.js",
  "sandbox/dist/index.js",
  "cli/dist/main.js",
];
/** The inputs of a build, besides the sources of the packages. */
const SETTINGS = [
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "tools/build.mjs",
  "tools/bundle-options.mjs",
];

/**
 * Whether `dist` of each package was built from the current sources.
 * @param {string} root
 */
export function arePackagesBuilt(root) {
  const mark = getMarkFile(root);
  return (
    RESULTS.every((file) => existsSync(join(root, file))) &&
    existsSync(mark) &&
    readFileSync(mark, "utf8") === computeSourceHash(root)
  );
}

/** @param {string} root */
export function markAsBuilt(root) {
  mkdirSync(join(root, ".local"), { recursive: true });
  writeFileSync(getMarkFile(root), computeSourceHash(root));
}

/** @param {string} root */
const getMarkFile = (root) => join(root, ".local", "built-from");

/** @param {string} root */
function computeSourceHash(root) {
  const hash = createHash("sha256");
  const files = PACKAGES.flatMap((name) => [`${name}/package.json`, ...listFiles(root, `${name}/src`)]);
  for (const file of [...SETTINGS, ...files.sort()]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} folder */
const listFiles = (root, folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/").replace(/^\//, ""),
    );
