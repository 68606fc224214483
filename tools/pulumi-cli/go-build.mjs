import { cpSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runWithProgress } from "../progress.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { SetupError } from "../setup-error.mjs";
import { findAllOnPath, languageHostName, pulumiName } from "./executables.mjs";
import { installDynamicProvider } from "./dynamic-provider.mjs";

/** The Go version that the module of the Pulumi CLI requires. */
const neededGo = [1, 26];
const reachMs = 60_000;
const longestMs = 40 * 60_000;

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * The programs to build, each from a small module that pins all versions (go.mod and go.sum in `go/`). The
 * Node language host now has its own module, which is not on the module proxy. v3.68.0 is the last version of
 * the SDK that contains it, and it works with the current engine.
 * @param {string} version
 */
const listPrograms = (version) => [
  {
    folder: "language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    file: languageHostName,
    stamp: "v3.68.0",
  },
  {
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    file: pulumiName,
    stamp: `v${version}`,
  },
];

/**
 * @param {{ work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
export async function buildWithGo({ work, binDir, version, log, env, onStart }) {
  const [go] = findAllOnPath(process.platform === "win32" ? "go.exe" : "go", env["PATH"]);
  if (go === undefined) throw new SetupError("go is not on PATH");
  installDynamicProvider(binDir);

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
    log(`Building the Pulumi CLI ${version} from Go modules, once for this machine:`);
    log("3 to 5 minutes on two cores, and 5 GB of temporary disk space.");
    await runWithProgress({ what: `Building the Pulumi CLI ${version}`, log }, async () => {
      for (const { folder, package: name, file, stamp } of listPrograms(version)) {
        const flags = ["-mod=readonly", "-trimpath", "-ldflags", `-s -w -X ${versionVariable}=${stamp}`];
        await runGo(["build", ...flags, "-o", join(binDir, file), name], join(work, "go", folder), longestMs);
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
