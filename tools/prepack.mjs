import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";

// Runs before `npm pack` and `npm publish` in the folder of a package, and builds it. The provider's README
// is that of the repository.
const folder = process.cwd();
const name = basename(folder);
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), name], { stdio: "inherit" });
if (name === "provider") copyFileSync(join(root, "README.md"), join(folder, "README.md"));
