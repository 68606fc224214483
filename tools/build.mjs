import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOptions, rawText } from "./bundle-options.mjs";

// `npm run build [PACKAGE…]` builds the published packages, by default all. Each is CommonJS, which Pulumi's
// provider process and Jest require. `core` is compiled into it; the dependencies in its package.json are
// not. The entries of a package share chunks, and dynamic imports remain separate chunks.

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The entries of each package, by name in `dist`, and whether it has types. `all` also compiles the dependencies
 * in: the engine runs the plugin in a folder without `node_modules`.
 * @type {Record<string, { entry: Record<string, string>, types?: boolean, all?: boolean }>}
 */
const packages = {
  provider: { entry: { index: "src/index.ts", host: "src/host/dynamic.ts" }, types: true },
  plugin: { entry: { main: "src/main.ts" }, all: true },
  sandbox: { entry: { index: "src/index.ts" }, types: true },
  cli: { entry: { main: "src/main.ts" } },
};

/** @param {string} name */
async function buildPackage(name) {
  // A dynamic import, because this module must load before packages are installed.
  const { build } = await import("tsdown");
  const options = packages[name];
  if (options === undefined)
    throw new Error(`there is no package ${name}: ${Object.keys(packages).join(", ")}`);
  await build({
    ...bundleOptions,
    cwd: join(root, name),
    entry: options.entry,
    tsconfig: join(root, "tsconfig.json"),
    hash: false,
    dts: options.types === true,
    ...(options.all && { noExternal: /^(?!@aws|@azure|@smithy|google-auth)/ }),
    plugins: [rawText],
  });
}

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(packages)) await buildPackage(name);
