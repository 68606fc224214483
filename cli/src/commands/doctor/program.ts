import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { projectFilesAbove } from "datadog-org-connections-core/credentials/stack-file.js";
import { ok, problem, unknown, type Check } from "./check.js";

/** The oldest engine and SDK that serve this package: since then a read may return inputs. */
const OLDEST = [3, 216] as const;
const OLDEST_TEXT = OLDEST.join(".");
const PACKAGE = "pulumi-datadog-org-connections";

/** What the program in a folder runs on: the Pulumi CLI, its SDK and this package. Starts `pulumi version`, no more. */
export async function programChecks(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const folder = programFolder(cwd);
  const checks = [await cliCheck(env)];
  if (folder === undefined) {
    return [
      ...checks,
      unknown(
        "package",
        `There is no Pulumi.yaml in ${cwd} or above, so no program to look at (--cwd names its folder).`,
      ),
    ];
  }
  return [...checks, sdkCheck(folder), packageCheck(folder)];
}

async function cliCheck(env: Readonly<Record<string, string | undefined>>): Promise<Check> {
  const install = `Install the Pulumi CLI, ${OLDEST_TEXT} or newer.`;
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 30_000,
    });
    return versionCheck("cli", "pulumi", "pulumi", stdout.trim().replace(/^v/, ""), install);
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ENOENT";
    return problem(
      "cli",
      "pulumi",
      missing ? "There is no `pulumi` on PATH." : "`pulumi version` fails.",
      install,
    );
  }
}

function sdkCheck(folder: string): Check {
  const install = `Run: npm install @pulumi/pulumi (in ${folder})`;
  const version = versionOf("@pulumi/pulumi", folder);
  return version === undefined
    ? problem("sdk", "sdk", `@pulumi/pulumi is not installed for the program in ${folder}.`, install)
    : versionCheck("sdk", "sdk", "@pulumi/pulumi", version, install);
}

/** As Pulumi's provider process looks for it: from the program's folder upward. */
function packageCheck(folder: string): Check {
  const install = `Run: npm install ${PACKAGE} (in ${folder}); refresh and destroy need it too.`;
  try {
    createRequire(path.join(folder, "index.js")).resolve(`${PACKAGE}/host`);
    return ok("package", `${PACKAGE} ${versionOf(PACKAGE, folder) ?? ""} is found from ${folder}.`);
  } catch {
    return problem(
      "package",
      "package",
      `${PACKAGE} is not installed for the program in ${folder}.`,
      install,
    );
  }
}

function versionCheck(
  check: "cli" | "sdk",
  cause: "pulumi" | "sdk",
  what: string,
  version: string,
  install: string,
): Check {
  const [major = NaN, minor = NaN] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
    return ok(check, `${what} ${version}.`);
  return problem(check, cause, `${what} is ${version}, older than ${OLDEST_TEXT}.`, install);
}

const manifest = v.object({ version: v.string() });

function versionOf(name: string, folder: string): string | undefined {
  try {
    const file = createRequire(path.join(folder, "index.js")).resolve(`${name}/package.json`);
    return v.parse(manifest, JSON.parse(readFileSync(file, "utf8"))).version;
  } catch {
    return undefined;
  }
}

/** The folder in which the program of the project that a folder belongs to runs: its `main`, else the project's own. */
function programFolder(cwd: string): string | undefined {
  const [file] = projectFilesAbove(cwd);
  return file === undefined ? undefined : mainFolder(path.dirname(file), readFileSync(file, "utf8"));
}

function mainFolder(folder: string, project: string): string {
  const main = /^\s*"?main"?:\s*["']?([^"'\s#,]+)/m.exec(project)?.[1];
  const place = path.resolve(folder, main ?? ".");
  return existsSync(place) && statSync(place).isDirectory() ? place : path.dirname(place);
}
