import { chmodSync, copyFileSync, cpSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { runWithProgress, SetupError } from "../output.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { findAllOnPath } from "./cache.mjs";

/** The Go version that the module of the Pulumi CLI requires. */
const neededGo = [1, 26];
const reachMs = 60_000;
const longestMs = 40 * 60_000;

const sdkVersionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * A program to build, from a small module that pins all versions (go.mod and go.sum in a folder of `go/`).
 * @typedef {object} GoProgram
 * @property {string} folder of the module, in `go/`
 * @property {string} package the path of the main package
 * @property {string} file the name of the executable
 * @property {string} stamp what the program prints as its version
 * @property {string} [versionVariable] the variable of the program that holds its version
 * @property {{ module: string, path: string }} [script] a script of a module that belongs beside the executable
 */

/**
 * Builds programs from Go modules.
 * @param {{ title: string, effort: string, programs: GoProgram[], work: string, binDir: string,
 *   log: import("../output.mjs").Log, env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options `effort` says
 *   how long it takes
 */
export async function buildWithGo({ title, effort, programs, work, binDir, log, env, onStart }) {
  const [go] = findAllOnPath(process.platform === "win32" ? "go.exe" : "go", env["PATH"]);
  if (go === undefined) throw new SetupError("go is not on PATH");

  const goEnv = await createGoEnvironment(go, work, env);
  /**
   * @param {string[]} args
   * @param {string} cwd
   * @param {number} timeoutMs
   */
  const runGo = (args, cwd, timeoutMs) => runCommand(go, args, { cwd, env: goEnv, timeoutMs, onStart });
  try {
    // Use a copy, so that Go does not change the module files in the repository.
    cpSync(new URL("./go/", import.meta.url), join(work, "go"), { recursive: true });
    // Download the smallest module first to check that the module proxy responds. Without a network, a build
    // would hang.
    await runWithProgress({ what: "Connecting to the Go module proxy", log }, () =>
      runGo(["mod", "download", "github.com/atotto/clipboard"], join(work, "go", "pulumi"), reachMs),
    );
    log(`Building ${title} from Go modules, once for this machine:`);
    log(effort);
    await runWithProgress({ what: `Building ${title}`, log }, async () => {
      for (const program of programs) {
        const cwd = join(work, "go", program.folder);
        const variable = program.versionVariable ?? sdkVersionVariable;
        const flags = ["-mod=readonly", "-trimpath", "-ldflags", `-s -w -X ${variable}=${program.stamp}`];
        await runGo(["build", ...flags, "-o", join(binDir, program.file), program.package], cwd, longestMs);
        if (program.script === undefined) continue;
        const { module, path } = program.script;
        const folder = await runGo(["list", "-m", "-mod=readonly", "-f", "{{.Dir}}", module], cwd, reachMs);
        const target = join(binDir, basename(path));
        copyFileSync(join(folder.trim(), path), target);
        chmodSync(target, 0o755);
      }
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new SetupError(
      `${error.reason}${error
        .getLines()
        .slice(-1)
        .map((line) => ` (${line.slice(0, 300)})`)}`,
    );
  }
}

/**
 * Creates the Go environment: the caller's settings (proxy, private modules), with all folders that Go writes
 * to in `work`.
 * @param {string} go
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function createGoEnvironment(go, work, env) {
  /** @param {string} name */
  const createFolder = (name) => {
    const path = join(work, name);
    mkdirSync(path);
    return path;
  };
  const shared = env["PULUMI_SETUP_SHARE_GO_CACHE"] === "1";
  /** @type {NodeJS.ProcessEnv} */
  const ours = {
    ...env,
    // Go reads its settings file and writes its telemetry in the configuration folder of the user. GOENV
    // keeps the settings file when the folder is moved.
    GOENV: env["GOENV"] || join(getUserConfigFolder(env), "go", "env"),
    XDG_CONFIG_HOME: createFolder("config"),
    GOTMPDIR: createFolder("tmp"),
    GOWORK: "off",
    // Needs no C compiler and does not depend on the libc of this machine.
    CGO_ENABLED: "0",
    ...(shared
      ? {}
      : {
          GOPATH: createFolder("path"),
          GOMODCACHE: createFolder("modules"),
          GOCACHE: createFolder("cache"),
        }),
  };
  /** @type {{ GOVERSION: string, GOTOOLCHAIN: string, GOFLAGS: string }} */
  let settings;
  try {
    const names = ["GOVERSION", "GOTOOLCHAIN", "GOFLAGS"];
    settings = JSON.parse(
      await runCommand(go, ["env", "-json", ...names], { cwd: work, env: ours, timeoutMs: 20_000 }),
    );
  } catch (error) {
    throw new SetupError(`${go} does not work: ${error instanceof Error ? error.message : error}`);
  }
  const [major = 0, minor = 0] = settings.GOVERSION.replace(/^go/, "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = neededGo;
  // Unless GOTOOLCHAIN is `local`, Go 1.21 or newer downloads the toolchain that a module requires.
  const tooOld = major < neededMajor || (major === neededMajor && minor < neededMinor);
  if (tooOld && (settings.GOTOOLCHAIN === "local" || minor < 21)) {
    throw new SetupError(`${go} is ${settings.GOVERSION}, older than ${neededGo.join(".")}`);
  }
  // Go makes its module cache read-only, which would prevent its removal.
  return shared ? ours : { ...ours, GOFLAGS: `${settings.GOFLAGS} -modcacherw`.trim() };
}

/** @param {NodeJS.ProcessEnv} env */
function getUserConfigFolder(env) {
  const home = env["HOME"] || homedir();
  if (process.platform === "win32") return env["APPDATA"] || home;
  if (process.platform === "darwin") return join(home, "Library", "Application Support");
  return env["XDG_CONFIG_HOME"] || join(home, ".config");
}
