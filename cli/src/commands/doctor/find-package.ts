import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * Finds the folder of a package, as Pulumi's provider process does. `require.resolve.paths` returns the folders to search:
 * `node_modules` in the program's folder and its parent folders, and the global folders of Node.js, such as those in NODE_PATH.
 *
 * A command that pnpm has installed runs with a NODE_PATH that includes the packages of the whole workspace. Pulumi's process does
 * not get these folders, so this function ignores pnpm's folders in NODE_PATH.
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

/** Whether a path contains a folder in which pnpm stores packages: `.pnpm` in `node_modules`, or `pnpm` for global packages. */
const isPathOfPnpm = (place: string): boolean => /[\\/]\.?pnpm[\\/]/.test(place);
