import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGES } from "./packages.mjs";

/** The published packages and what their builds must hold. */
const RESULTS = [
  "provider/dist/index.js",
  "provider/dist/host.js",
  "sandbox/dist/index.js",
  "cli/dist/main.js",
];
/** What a build depends on, besides the packages' sources. */
const SETTINGS = [
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "tools/build.mjs",
  "tools/bundle-options.mjs",
];

/**
 * Whether `dist` of each package is what the sources say.
 * @param {string} root
 */
export function packagesAreBuilt(root) {
  const mark = markFile(root);
  return (
    RESULTS.every((file) => existsSync(join(root, file))) &&
    existsSync(mark) &&
    readFileSync(mark, "utf8") === sourceHash(root)
  );
}

/** @param {string} root */
export function markAsBuilt(root) {
  mkdirSync(join(root, ".local"), { recursive: true });
  writeFileSync(markFile(root), sourceHash(root));
}

/** @param {string} root */
const markFile = (root) => join(root, ".local", "built-from");

/** @param {string} root */
function sourceHash(root) {
  const hash = createHash("sha256");
  const files = PACKAGES.flatMap((name) => [`${name}/package.json`, ...filesBelow(root, `${name}/src`)]);
  for (const file of [...SETTINGS, ...files.sort()]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} folder */
const filesBelow = (root, folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/").replace(/^\//, ""),
    );
