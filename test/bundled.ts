import { rmSync } from "node:fs";
import path from "node:path";
import { build } from "tsdown";
import { afterAll, beforeAll } from "vitest";
import { bundleOptions } from "../tools/bundle-options.mjs";
import { ROOT } from "./tree.js";

/**
 * Bundles one source module for tests that load it in a separate process; the published packages have no such
 * file. Call it at the top of a test file.
 *
 * @param file - relative to the repository: `core/src/api/client.ts`
 * @param options - `external`: packages that are not compiled in; `parent`: a folder, by default one inside the repository, where
 *   Node finds the packages
 * @returns the file to `require`
 */
export function useBundled(
  file: string,
  { external = [], parent = path.join(ROOT, ".local") }: { external?: string[]; parent?: string } = {},
): string {
  const name = path.basename(file, ".ts");
  const folder = path.join(parent, `bundled-${name}-${process.pid}-${process.env["VITEST_POOL_ID"] ?? ""}`);
  beforeAll(async () => {
    await build({
      ...bundleOptions,
      cwd: ROOT,
      entry: { [name]: file },
      outDir: folder,
      tsconfig: path.join(ROOT, "tsconfig.json"),
      dts: false,
      deps: { neverBundle: external },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, `${name}.cjs`);
}
