import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";

// Before `npm pack` and `npm publish`, in a package's folder: its build. The provider's README is the one of the tree.
const folder = process.cwd();
const name = basename(folder);
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), name], { stdio: "inherit" });
if (name === "provider") copyFileSync(join(root, "README.md"), join(folder, "README.md"));
