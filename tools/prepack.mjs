import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { root } from "./bootstrap.mjs";
import { PUBLISHED } from "./packed-package.mjs";
import { writePackagePages, writeRepositoryFields } from "./package-pages.mjs";

// Runs before `npm pack` and `npm publish` in the folder of a package: builds it and writes its pages. npm reads
// package.json again afterward.
const name = PUBLISHED.find((one) => one === basename(process.cwd()));
if (name === undefined) throw new Error(`run this in the folder of a package: ${PUBLISHED.join(", ")}`);
execFileSync(process.execPath, [join(root, "tools", "build.mjs"), name], { stdio: "inherit" });
writePackagePages(root, name);
writeRepositoryFields(root, name);
