import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";

// Before `npm pack` and `npm publish`: a build without left-overs of deleted sources, and the README beside it.
const provider = join(root, "provider");
rmSync(join(provider, "dist"), { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-b", "--force"], { cwd: provider, stdio: "inherit" });
copyFileSync(join(root, "README.md"), join(provider, "README.md"));
