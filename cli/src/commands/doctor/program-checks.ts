/** The checks of a program: the Pulumi CLI, and what the program needs: the SDK, and the package or the plugin. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { findProjectFiles } from "datadog-org-connections-core/credentials/stack-file.js";
import {
  formatAddCommand,
  formatMissingPackageAdvice,
} from "datadog-org-connections-core/program/add-package.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";

/** The minimum version of the Pulumi CLI and the SDK. Since this version, the read of a dynamic resource can return inputs. */
const MIN_VERSION = [3, 216] as const;
const MIN_VERSION_STRING = MIN_VERSION.join(".");
/** The timeout of `pulumi version`, in milliseconds. */
const CLI_TIMEOUT_MS = 30_000;
const SDK = "@pulumi/pulumi";
const PACKAGE = "pulumi-datadog-org-connections";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Checks the Pulumi CLI. If `cwd` or one of its parent folders has a project file, also checks what the program needs: the Pulumi
 * SDK, the package or the plugin. Runs no command except `pulumi version`.
 */
export async function checkProgram(cwd: string, env: Env): Promise<Check[]> {
  const [projectFile] = findProjectFiles(cwd);
  const checks = [await checkCli(env)];
  if (projectFile === undefined) {
    return [
      ...checks,
      createUnknown(
        "package",
        `There is no Pulumi.yaml in ${cwd} or its parent folders, so no program was checked. Use --cwd to set the folder of the program.`,
      ),
    ];
  }
  const { isNode, main, pluginPath } = await readProject(projectFile);
  const folder = resolveMainFolder(path.dirname(projectFile), main);
  if (!isNode) return [...checks, checkPlugin(projectFile, pluginPath)];
  checks.push(checkSdk(folder, env));
  if (pluginPath !== undefined) checks.push(checkPlugin(projectFile, pluginPath));
  const packageCheck = checkPackage(folder, env);
  // If the project names a folder for the plugin, ignore a missing package. Resources of the plugin do not need the package.
  return pluginPath !== undefined && packageCheck.verdict === "problem" ? checks : [...checks, packageCheck];
}

async function checkCli(env: Env): Promise<Check> {
  const install = `Install the Pulumi CLI, ${MIN_VERSION_STRING} or newer.`;
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: CLI_TIMEOUT_MS,
    });
    return checkVersion("cli", "pulumi", "pulumi", stdout.trim().replace(/^v/, ""), install);
  } catch (error) {
    const isMissing = (error as { code?: unknown }).code === "ENOENT";
    return createProblem(
      "cli",
      "pulumi",
      isMissing ? "`pulumi` is not on PATH." : "`pulumi version` failed.",
      install,
    );
  }
}

function checkSdk(folder: string, env: Env): Check {
  const version = readVersion(SDK, folder, env);
  return version === undefined
    ? createProblem(
        "sdk",
        "sdk",
        `${SDK} is not installed for the program in ${folder}.`,
        formatMissingPackageAdvice(SDK, folder),
      )
    : checkVersion("sdk", "sdk", SDK, version, `Run: ${formatAddCommand(SDK, folder)}`);
}

function checkPackage(folder: string, env: Env): Check {
  const version = readVersion(PACKAGE, folder, env);
  if (version !== undefined)
    return createOk("package", `${PACKAGE} ${version} is installed for the program in ${folder}.`);
  return createProblem(
    "package",
    "package",
    `${PACKAGE} is not installed for the program in ${folder}.`,
    `${formatMissingPackageAdvice(PACKAGE, folder)} Refresh and destroy need it too.`,
  );
}

function checkVersion(
  check: "cli" | "sdk",
  cause: "pulumi" | "sdk",
  component: string,
  version: string,
  install: string,
): Check {
  const [major = NaN, minor = NaN] = version.split(".").map(Number);
  if (major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1]))
    return createOk(check, `${component} ${version}.`);
  return createProblem(
    check,
    cause,
    `${component} is ${version}, older than ${MIN_VERSION_STRING}.`,
    install,
  );
}

const manifestSchema = v.object({ version: v.string() });

function readVersion(name: string, folder: string, env: Env): string | undefined {
  const place = findPackage(name, folder, env);
  if (place === undefined) return undefined;
  try {
    return v.parse(manifestSchema, JSON.parse(readFileSync(path.join(place, "package.json"), "utf8")))
      .version;
  } catch {
    return undefined;
  }
}

/**
 * Returns the folder in which the program of a project runs: `main`, or the folder of the project by default. If `main` is not an
 * existing folder, returns the parent folder of `main`.
 */
function resolveMainFolder(folder: string, main = "."): string {
  const mainPath = path.resolve(folder, main);
  return existsSync(mainPath) && statSync(mainPath).isDirectory() ? mainPath : path.dirname(mainPath);
}

const PLUGIN = "datadog-org-connections";
const EXECUTABLE = `pulumi-resource-${PLUGIN}`;

const runtimeSchema = v.fallback(
  v.union([
    v.string(),
    v.pipe(
      v.object({ name: v.string() }),
      v.transform(({ name }) => name),
    ),
  ]),
  "nodejs",
);
const providersSchema = v.fallback(v.array(v.object({ name: v.string(), path: v.optional(v.string()) })), []);
const projectSchema = v.object({
  runtime: runtimeSchema,
  main: v.fallback(v.optional(v.string()), undefined),
  plugins: v.fallback(v.object({ providers: providersSchema }), { providers: [] }),
});

/** What a project file says about the program. */
interface Project {
  /** Whether the program is in TypeScript or JavaScript, so it can use the npm package. */
  isNode: boolean;
  /** The folder or file of the program, if it is not in the folder of the project. */
  main?: string | undefined;
  /** The folder that the project file names for the plugin in `plugins.providers`. */
  pluginPath?: string | undefined;
}

/**
 * Reads a project file. Invalid values count as missing. If the file cannot be read or has no valid `runtime`, the program counts
 * as a program in JavaScript.
 */
async function readProject(projectFile: string): Promise<Project> {
  const { parse } = await import("yaml");
  try {
    const { runtime, main, plugins } = v.parse(projectSchema, parse(readFileSync(projectFile, "utf8")));
    const pluginPath = plugins.providers.find(({ name }) => name === PLUGIN)?.path;
    return { isNode: runtime === "nodejs", main, pluginPath };
  } catch {
    return { isNode: true };
  }
}

/** Checks whether the executable of the plugin is in the folder that the project file names. */
function checkPlugin(projectFile: string, pluginPath: string | undefined): Check {
  if (pluginPath === undefined)
    return createUnknown(
      "plugin",
      `${projectFile} does not name a folder for the plugin ${PLUGIN}. The engine searches for ${EXECUTABLE} on PATH and among the installed plugins.`,
    );
  const folder = path.resolve(path.dirname(projectFile), pluginPath);
  return existsSync(path.join(folder, EXECUTABLE))
    ? createOk("plugin", `The plugin ${PLUGIN} is in ${folder}.`)
    : createProblem(
        "plugin",
        "plugin",
        `According to ${projectFile}, the plugin ${PLUGIN} is in ${folder}, but there is no ${EXECUTABLE} in this folder.`,
        `Install ${EXECUTABLE} in this folder, or correct the path in plugins.providers.`,
      );
}

/**
 * Finds the folder of a package, as Pulumi's provider process does. `require.resolve.paths` returns the folders to search:
 * `node_modules` in the program's folder and its parent folders, and the global folders of Node.js, such as those in NODE_PATH.
 *
 * A command that pnpm has installed runs with a NODE_PATH that includes the packages of the whole workspace. Pulumi's process does
 * not get these folders, so this function ignores pnpm's folders in NODE_PATH.
 *
 * @returns undefined if the package is not installed for the program
 */
function findPackage(
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
