import { join } from "node:path";
import { logLine } from "./output.mjs";
import { createOnce, executableSuffix, fillCache, getCache } from "./pulumi-cli/cache.mjs";
import { buildWithGo } from "./pulumi-cli/go-build.mjs";

const version = "1.7.12";
const file = `actionlint${executableSuffix}`;

/**
 * Finds actionlint in the cache of the user, or builds it. Only a slow test needs it.
 * @returns {Promise<string>} the executable
 */
export async function ensureActionlint() {
  const cache = getCache({
    kind: "actionlint",
    title: "actionlint",
    version,
    required: [file],
    env: process.env,
  });
  await createOnce(cache, logLine, ({ childStarted: onStart }) =>
    fillCache(cache, {
      how: "built",
      version,
      make: ({ work, binDir }) =>
        buildWithGo({
          title: "actionlint",
          effort: "half a minute on two cores.",
          programs: [
            {
              folder: "actionlint",
              package: "github.com/rhysd/actionlint/cmd/actionlint",
              file,
              stamp: version,
              versionVariable: "github.com/rhysd/actionlint.version",
            },
          ],
          work,
          binDir,
          log: logLine,
          env: process.env,
          onStart,
        }),
    }),
  );
  return join(cache.binDir, file);
}
