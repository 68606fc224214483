import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logLine } from "../progress.mjs";
import { SetupError } from "../setup-error.mjs";
import { createOnce, fillCache, getCache } from "./cache.mjs";
import { executableSuffix } from "./executables.mjs";
import { buildWithGo } from "./go-build.mjs";

/** The newest version of Pulumi's generators whose code runs with Node 20. */
const generatorVersion = "3.248.0";
const name = `sdk-generator${executableSuffix}`;
const sources = ["go.mod", "go.sum", "main.go"];

/**
 * Finds the generator of the SDKs in the cache of the user, or builds it. Only `npm run sdks` and the slow tests of
 * the SDKs need it.
 * @param {{ log?: import("../progress.mjs").Log, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ generator: string }>} the executable
 */
export async function ensureSdkGenerator({ log = logLine, env = process.env } = {}) {
  const cache = getCache({
    kind: "sdk-generator",
    title: "the SDK generator",
    version: `${generatorVersion}-${hashSources()}`,
    required: [name],
    env,
  });
  await createOnce(cache, log, async ({ childStarted }) => {
    try {
      await fillCache(cache, {
        how: "built",
        version: generatorVersion,
        make: ({ work, binDir }) =>
          buildWithGo({
            title: "the generator of the SDKs",
            effort: "two to three minutes on two cores, and 2 GB of temporary disk space.",
            programs: [{ folder: "sdk-generator", package: ".", file: name, stamp: `v${generatorVersion}` }],
            work,
            binDir,
            log,
            env,
            onStart: childStarted,
          }),
      });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      throw new SetupError(
        [
          `The generator of the SDKs could not be built from Go modules: ${error.message}`,
          "Install Go 1.26 or newer, check that it can download modules, and run the command again.",
        ].join("\n"),
      );
    }
  });
  return { generator: join(cache.binDir, name) };
}

function hashSources() {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(readFileSync(new URL(`go/sdk-generator/${file}`, import.meta.url)));
  return hash.digest("hex").slice(0, 12);
}
