import { installDynamicProvider } from "./dynamic-provider.mjs";
import { languageHostName, pulumiName } from "./executables.mjs";
import { buildWithGo } from "./go-build.mjs";

/**
 * Builds the CLI and the Node language host. The Node language host now has its own module, which is not on the
 * module proxy. v3.68.0 is the last version of the SDK that contains it, and it works with the current engine.
 * @param {{ work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
export async function buildCli({ work, binDir, version, log, env, onStart }) {
  installDynamicProvider(binDir);
  await buildWithGo({
    title: `the Pulumi CLI ${version}`,
    effort: "3 to 5 minutes on two cores, and 5 GB of temporary disk space.",
    programs: [
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
    ],
    work,
    binDir,
    log,
    env,
    onStart,
  });
}
