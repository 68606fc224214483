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
 * @returns the file to `require`
 */
export function useBundled(file: string): string {
  const name = path.basename(file, ".ts");
  // Inside the repository, so that Node finds the packages.
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
