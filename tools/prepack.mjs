import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";

// Before `npm pack` and `npm publish`, in a package's folder: its build, and a README.
const folder = process.cwd();
const name = basename(folder);
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), name], { stdio: "inherit" });

// A package without a README of its own gets the one of the tree. A copy is listed in .gitignore, so it is known as one
// the next time, and is replaced.
const readme = join(folder, "README.md");
const ignored = readFileSync(join(root, ".gitignore"), "utf8").split(/\r?\n/);
if (!existsSync(readme) || ignored.includes(`${name}/README.md`))
  copyFileSync(join(root, "README.md"), readme);
