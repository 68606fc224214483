import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../tools/bootstrap.mjs";
import { bundleOptions } from "../../tools/bundle-options.mjs";

const name = "pulumi-resource-datadog-org-connections";

/**
 * Builds the plugin that sends no requests, in the same way as ours (tools/build.mjs).
 * @param {string} folder of the package
 */
export async function buildNothingPlugin(folder) {
  const { build } = await import("tsdown");
  await build({
    ...bundleOptions,
    cwd: root,
    entry: { main: fileURLToPath(new URL("../programs/nothing-plugin.cjs", import.meta.url)) },
    outDir: folder,
    outExtensions: () => ({ js: ".cjs" }),
    noExternal: /./,
  });
  copyFileSync(join(root, "plugin", "schema.json"), join(folder, "schema.json"));
  writeFileSync(
    join(folder, name),
    '#!/bin/sh\nexec node "$(dirname "$(readlink -f "$0")")/main.cjs" "$@"\n',
  );
  chmodSync(join(folder, name), 0o755);
}
