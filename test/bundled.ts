import { rmSync } from "node:fs";
import path from "node:path";
import { build } from "tsdown";
import { afterAll, beforeAll } from "vitest";
import { bundleOptions } from "../tools/bundle-options.mjs";
import { ROOT } from "./tree.js";

/**
 * Bundles one module of the sources, for tests that load it in a process of its own: the published packages hold no such
 * file. Call it at the top of a test file.
 *
 * @param file - of the tree: `core/src/api/client.ts`
 * @returns the file to `require`
 */
export function useBundled(file: string): string {
  const name = path.basename(file, ".ts");
  // In the tree, so that the packages are found from there.
  const folder = path.join(
    ROOT,
    ".local",
    `bundled-${name}-${process.pid}-${process.env["VITEST_POOL_ID"] ?? ""}`,
  );
  beforeAll(async () => {
    await build({
      ...bundleOptions,
      cwd: ROOT,
      entry: { [name]: file },
      outDir: folder,
      tsconfig: path.join(ROOT, "tsconfig.json"),
      dts: false,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, `${name}.cjs`);
}
