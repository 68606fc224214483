import { dirname, delimiter } from "node:path";
import { allOnPath, pulumiName } from "./pulumi-cli/executables.mjs";

/** What a run of ours must not inherit: keys, and whatever steers the caller's own use of Pulumi. */
const callersOwn = /^(DD|DATADOG|PULUMI)_/i;

/**
 * The environment for a Pulumi run that neither reads nor touches anything of the user's: state, login, plug-ins
 * and settings are in the folders given, and no key reaches it except through `extra`.
 * @param {object} options
 * @param {string} options.home becomes PULUMI_HOME
 * @param {string} options.backendDir an existing folder, for the state
 * @param {string} options.binDir where `pulumi` is (ensurePulumi)
 * @param {string} [options.nodeDir] the Node to run programs and providers on, when not the first on PATH
 * @param {Record<string, string | undefined>} [options.extra] wins over everything else
 * @param {NodeJS.ProcessEnv} [options.base]
 * @returns {NodeJS.ProcessEnv}
 */
export function isolatedEnv({ home, backendDir, binDir, nodeDir, extra = {}, base = process.env }) {
  const kept = Object.entries(base).filter(
    ([name]) => !callersOwn.test(name) && name.toUpperCase() !== "PATH",
  );
  const path = base["PATH"] ?? base["Path"] ?? "";
  const found = allOnPath(pulumiName, path)[0];
  // A CLI that comes first on PATH anyway stays where it is: its folder may hold another `node` too.
  const folders = [nodeDir, found !== undefined && dirname(found) === binDir ? undefined : binDir, path];
  return {
    ...Object.fromEntries(kept),
    PATH: folders.filter((folder) => folder !== undefined && folder !== "").join(delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${process.platform === "win32" ? "/" : ""}${backendDir.replaceAll("\\", "/")}`,
    // Not a secret: it encrypts states that live as long as one run.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...extra,
  };
}
