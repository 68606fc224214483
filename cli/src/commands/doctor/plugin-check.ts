import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";

const NAME = "datadog-org-connections";
const EXECUTABLE = `pulumi-resource-${NAME}`;

const runtimeSchema = v.fallback(
  v.union([
    v.string(),
    v.pipe(
      v.object({ name: v.string() }),
      v.transform(({ name }) => name),
    ),
  ]),
  "nodejs",
);
const providersSchema = v.fallback(v.array(v.object({ name: v.string(), path: v.optional(v.string()) })), []);
const projectSchema = v.object({
  runtime: runtimeSchema,
  main: v.fallback(v.optional(v.string()), undefined),
  plugins: v.fallback(v.object({ providers: providersSchema }), { providers: [] }),
});

/** What a project file says about the program. */
export interface Project {
  /** Whether the program is in TypeScript or JavaScript, so it can use the npm package. */
  isNode: boolean;
  /** The folder or file of the program, if it is not in the folder of the project. */
  main?: string | undefined;
  /** The folder that the project file names for the plugin in `plugins.providers`. */
  pluginPath?: string | undefined;
}

/**
 * Reads a project file. Invalid values count as missing. If the file cannot be read or has no valid `runtime`, the program counts
 * as a program in JavaScript.
 */
export async function readProject(projectFile: string): Promise<Project> {
  const { parse } = await import("yaml");
  try {
    const { runtime, main, plugins } = v.parse(projectSchema, parse(readFileSync(projectFile, "utf8")));
    const pluginPath = plugins.providers.find(({ name }) => name === NAME)?.path;
    return { isNode: runtime === "nodejs", main, pluginPath };
  } catch {
    return { isNode: true };
  }
}

/** Checks whether the executable of the plugin is in the folder that the project file names. */
export function checkPlugin(projectFile: string, pluginPath: string | undefined): Check {
  if (pluginPath === undefined)
    return createUnknown(
      "plugin",
      `${projectFile} does not name a folder for the plugin ${NAME}. The engine searches for ${EXECUTABLE} on PATH and among the installed plugins.`,
    );
  const folder = path.resolve(path.dirname(projectFile), pluginPath);
  return existsSync(path.join(folder, EXECUTABLE))
    ? createOk("plugin", `The plugin ${NAME} is in ${folder}.`)
    : createProblem(
        "plugin",
        "plugin",
        `According to ${projectFile}, the plugin ${NAME} is in ${folder}, but there is no ${EXECUTABLE} in this folder.`,
        `Install ${EXECUTABLE} in this folder, or correct the path in plugins.providers.`,
      );
}
