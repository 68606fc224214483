import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";

// Before `npm pack` and `npm publish`, in a package's folder: its build, and the README beside it.
const folder = process.cwd();
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), basename(folder)], { stdio: "inherit" });
copyFileSync(join(root, "README.md"), join(folder, "README.md"));
