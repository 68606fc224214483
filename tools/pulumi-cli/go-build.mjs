import { cpSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { during } from "../progress.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { SetupError } from "../setup-error.mjs";
import { allOnPath, languageHostName, pulumiName } from "./executables.mjs";
import { installDynamicProvider } from "./dynamic-provider.mjs";

/** The Go release that the module of the Pulumi CLI asks for. */
const neededGo = [1, 26];
const reachMs = 60_000;
const longestMs = 40 * 60_000;

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * What is built, each from a small module of ours that pins everything (go.mod and go.sum next to this file).
 * The Node language host has a module of its own by now, which is not on the module proxy; v3.68.0 of the SDK is
 * the last that holds it, and it drives today's engine.
 * @param {string} version
 */
const programs = (version) => [
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
export async function makeWithGo({ work, binDir, version, log, env, onStart }) {
  const [go] = allOnPath(process.platform === "win32" ? "go.exe" : "go", env["PATH"]);
  if (go === undefined) throw new SetupError("go is not on PATH");
  installDynamicProvider(binDir);

  const goEnv = await environment(go, work, env);
  /**
   * @param {string[]} args
   * @param {string} cwd
   * @param {number} timeoutMs
   */
  const runGo = (args, cwd, timeoutMs) => runCommand(go, args, { cwd, env: goEnv, timeoutMs, onStart });
  try {
    // A copy: whatever Go does to its module files, the checked-in ones stay as they are.
    cpSync(new URL("./go/", import.meta.url), join(work, "go"), { recursive: true });
    // The smallest module of all first: does the module proxy answer? A build on a hanging network has no end.
    await during({ what: "Asking the Go module proxy", log }, () =>
      runGo(["mod", "download", "github.com/atotto/clipboard"], join(work, "go", "pulumi"), reachMs),
    );
    log(`Building the Pulumi CLI ${version} from Go modules, once for this machine:`);
    log("3 to 5 minutes on two cores, and 5 GB of disk until it is done.");
    await during({ what: `Building the Pulumi CLI ${version}`, log }, async () => {
      for (const { folder, package: name, file, stamp } of programs(version)) {
        const flags = ["-mod=readonly", "-trimpath", "-ldflags", `-s -w -X ${versionVariable}=${stamp}`];
        await runGo(["build", ...flags, "-o", join(binDir, file), name], join(work, "go", folder), longestMs);
      }
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new SetupError(
      `${error.reason}${error
        .lines()
        .slice(-1)
        .map((line) => ` (${line.slice(0, 300)})`)}`,
    );
  }
}

/**
 * The caller's Go settings (proxy, private modules) with every place that Go writes to moved into `work`.
 * @param {string} go
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function environment(go, work, env) {
  /** @param {string} name */
  const folder = (name) => {
    const path = join(work, name);
    mkdirSync(path);
    return path;
  };
  const shared = env["PULUMI_SETUP_SHARE_GO_CACHE"] === "1";
  /** @type {NodeJS.ProcessEnv} */
  const ours = {
    ...env,
    // Go finds its settings file, and writes its telemetry, below the configuration folder of the user: the first
    // has to be named before the second can be moved.
    GOENV: env["GOENV"] || join(userConfigFolder(env), "go", "env"),
    XDG_CONFIG_HOME: folder("config"),
    GOTMPDIR: folder("tmp"),
    GOWORK: "off",
    // No C compiler is needed, and the result does not depend on this machine's libc.
    CGO_ENABLED: "0",
    ...(shared ? {} : { GOPATH: folder("path"), GOMODCACHE: folder("modules"), GOCACHE: folder("cache") }),
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
  // Unless it is told to stay local, an older Go of today fetches the toolchain that a module asks for.
  const tooOld = major < neededMajor || (major === neededMajor && minor < neededMinor);
  if (tooOld && (settings.GOTOOLCHAIN === "local" || minor < 21)) {
    throw new SetupError(`${go} is ${settings.GOVERSION}, older than ${neededGo.join(".")}`);
  }
  // Go makes its module cache read-only, which would keep us from removing it afterwards.
  return shared ? ours : { ...ours, GOFLAGS: `${settings.GOFLAGS} -modcacherw`.trim() };
}

/** @param {NodeJS.ProcessEnv} env */
function userConfigFolder(env) {
  const home = env["HOME"] || homedir();
  if (process.platform === "win32") return env["APPDATA"] || home;
  if (process.platform === "darwin") return join(home, "Library", "Application Support");
  return env["XDG_CONFIG_HOME"] || join(home, ".config");
}
