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

/** The minimum version of the engine and the SDK. Since this version, a read can return inputs. */
const MIN_VERSION = [3, 216] as const;
const MIN_VERSION_STRING = MIN_VERSION.join(".");
const SDK = "@pulumi/pulumi";
const PACKAGE = "pulumi-datadog-org-connections";

type Env = Readonly<Record<string, string | undefined>>;

/** Checks the Pulumi CLI, its SDK, and the package or plugin for the program in a folder. It runs only `pulumi version`. */
export async function checkProgram(cwd: string, env: Env): Promise<Check[]> {
  const [projectFile] = findProjectFiles(cwd);
  const checks = [await checkCli(env)];
  if (projectFile === undefined) {
    return [
      ...checks,
      createUnknown(
        "package",
        `There is no Pulumi.yaml in ${cwd} or above, so there is no program to check (--cwd sets its folder).`,
      ),
    ];
  }
  const { isNode, main, pluginPath } = await readProject(projectFile);
  const folder = resolveMainFolder(path.dirname(projectFile), main);
  if (!isNode) return [...checks, checkPlugin(projectFile, pluginPath)];
  checks.push(checkSdk(folder, env));
  if (pluginPath !== undefined) checks.push(checkPlugin(projectFile, pluginPath));
  const program = checkPackage(folder, env);
  // If the project names a folder for the plugin, a missing package is no problem: perhaps the program uses resources of the plugin only.
  return pluginPath !== undefined && program.verdict === "problem" ? checks : [...checks, program];
}

async function checkCli(env: Env): Promise<Check> {
  const install = `Install the Pulumi CLI, ${MIN_VERSION_STRING} or newer.`;
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 30_000,
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

/** Returns the folder in which the program of a project runs: its `main` (or its folder, if it is a file), or that of the project. */
function resolveMainFolder(folder: string, main = "."): string {
  const mainPath = path.resolve(folder, main);
  return existsSync(mainPath) && statSync(mainPath).isDirectory() ? mainPath : path.dirname(mainPath);
}
