import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * Finds the folder of a package in the folders in which Pulumi's provider process searches for packages: `node_modules` of the program's
 * folder and of its parent folders, and the global folders of Node.js, such as those of NODE_PATH. `require.resolve.paths` lists them all.
 *
 * A command that pnpm has installed runs with a NODE_PATH that includes the packages of the whole workspace. Pulumi's process does not
 * get these folders, so the folders of pnpm in NODE_PATH are ignored here.
 *
 * @returns undefined if the package is not installed for the program
 */
export function findPackage(
  name: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const ignored = (env["NODE_PATH"] ?? "").split(path.delimiter).filter(isPathOfPnpm);
  const paths = createRequire(path.join(folder, "index.js")).resolve.paths(name) ?? [];
  return paths
    .filter((place) => !ignored.includes(place))
    .map((place) => path.join(place, name))
    .find((place) => existsSync(path.join(place, "package.json")));
}

/** Whether a path is in a folder named `.pnpm` (in `node_modules`) or `pnpm` (global packages), in which pnpm stores packages. */
const isPathOfPnpm = (place: string): boolean => /[\\/]\.?pnpm[\\/]/.test(place);
