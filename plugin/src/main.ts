/**
 * The program that the engine starts: `pulumi-resource-datadog-org-connections ENGINE_ADDRESS`. It loads the plugin with a cache of
 * compiled code in the folder of the plugin, so that it starts faster. Node has such a cache since version 22
 * (https://nodejs.org/api/module.html#module-compile-cache). If the folder is read-only, there is no cache. A single executable
 * contains its compiled code, and may stand in a folder of other programs.
 */
import module from "node:module";
import path from "node:path";
import { isSea } from "node:sea";

const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
if (!isSea()) enableCompileCache?.(path.join(path.dirname(__dirname), ".compile-cache"));

// A dynamic import, because static ones load before the cache is enabled.
void import("./server.js").then(({ startPlugin }) => {
  startPlugin();
});
