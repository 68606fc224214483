import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * Finds the folder of a package where Pulumi's provider process would find it: in `node_modules` of the program's folder and
 * its parent folders, and in the global folders of Node.js, such as those of NODE_PATH. `resolve.paths` includes them.
 *
 * The commands that pnpm installs add all packages of the workspace to NODE_PATH. Pulumi's process does not get these folders, so they are
 * left out, and a package that is only there counts as missing.
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

/** Whether a path is in a folder in which pnpm keeps packages: `node_modules/.pnpm`, or the folder `pnpm` of global packages. */
const isPathOfPnpm = (place: string): boolean => /[\\/]\.?pnpm[\\/]/.test(place);
