import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";

// Runs before `npm pack` and `npm publish` in the folder of a package, and builds it. The README of a package is a
// page of the repository.
const folder = process.cwd();
const name = basename(folder);
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), name], { stdio: "inherit" });
/** @type {Record<string, string>} */
const pages = {
  provider: "README.md",
  sandbox: "docs/reference/sandbox.md",
  cli: "docs/reference/command-line.md",
};
const page = pages[name];
if (page !== undefined) copyFileSync(join(root, page), join(folder, "README.md"));
