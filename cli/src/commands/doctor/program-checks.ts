import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { findProjectFiles } from "datadog-org-connections-core/credentials/stack-file.js";
import {
  formatAddCommand,
  formatMissingPackageAdvice,
} from "datadog-org-connections-core/program/add-package.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import { findPackage } from "./find-package.js";
import { checkPlugin, readProject } from "./plugin-check.js";

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
