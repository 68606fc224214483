import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { parseYaml } from "./yaml.js";

/** The extensions of a project file, in the engine's order of precedence (pulumi/pulumi, sdk/go/common/encoding). */
const EXTENSIONS = [".json", ".yaml", ".yml"];

/** Finds the project file in a folder. */
export function findProjectFile(folder: string): string | undefined {
  return EXTENSIONS.map((extension) => path.join(folder, `Pulumi${extension}`)).find(isFile);
}

/** Finds the project files in a folder and its parent folders, the nearest first. */
export function findProjectFiles(folder: string): string[] {
  const file = findProjectFile(folder);
  const parent = path.dirname(folder);
  return [...(file === undefined ? [] : [file]), ...(parent === folder ? [] : findProjectFiles(parent))];
}

const projectSchema = v.object({
  name: v.string(),
  stackConfigDir: v.optional(v.string()),
  config: v.optional(v.unknown()),
});
const stackFileSchema = v.object({ config: v.nullish(v.record(v.string(), v.unknown())) });

/**
 * Reads the name of the project from its project file.
 *
 * @param parse - parses YAML; throws or returns `undefined` if the string is not YAML
 * @returns `undefined` if the project file cannot be read or has no name
 */
export function readProjectName(
  projectFile: string,
  parse: (text: string) => unknown = parseYaml,
): string | undefined {
  const parsed = v.safeParse(projectSchema, readYaml(projectFile, parse));
  return parsed.success ? parsed.output.name : undefined;
}

/** The file with a stack's configuration. Its secrets are encrypted. */
export interface StackFile {
  file: string;
  /** The values by full key, `namespace:name`. Empty if the file has none. Missing if the file cannot be read or parsed. */
  config?: ReadonlyMap<string, unknown>;
}

/**
 * Finds and reads the configuration file of a stack, such as `Pulumi.dev.yaml`. The file is in the folder of the project file, or
 * in the folder that the project file names. Both files have the same extension (pulumi/pulumi,
 * sdk/go/common/workspace/paths.go). Ignores `--config-file` and configuration in Pulumi Cloud.
 *
 * @param stack - the name of the stack: `dev` or `organization/project/dev`. The name of the file contains only `dev`
 * @param project - the name that the project must have; any name by default
 * @param parse - parses YAML; throws or returns `undefined` if the string is not YAML
 * @returns `undefined` if the project file cannot be read, has no name, or belongs to another project
 */
export function readStackFile(
  projectFile: string,
  stack: string,
  project?: string,
  parse: (text: string) => unknown = parseYaml,
): StackFile | undefined {
  const parsed = v.safeParse(projectSchema, readYaml(projectFile, parse));
  if (!parsed.success) return undefined;
  const { name, stackConfigDir, config } = parsed.output;
  if (project !== undefined && name !== project) return undefined;
  // Older projects name the folder with a string in `config`.
  const folder = stackConfigDir ?? (typeof config === "string" ? config : ".");
  const base = `Pulumi.${stack.split("/").at(-1) ?? ""}${path.extname(projectFile)}`;
  const file = path.join(path.dirname(projectFile), folder, base);
  const content = v.safeParse(stackFileSchema, readYaml(file, parse));
  if (!content.success) return { file };
  const entries = Object.entries(content.output.config ?? {});
  return { file, config: new Map(entries.map(([key, value]) => [toFullKey(key, name), value])) };
}

/** Adds the name of the project as the namespace if the key has none. Converts the older form `namespace:config:name`. */
function toFullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2") : `${project}:${key}`;
}

function readYaml(file: string, parse: (text: string) => unknown): unknown {
  try {
    const text = readFileSync(file, "utf8");
    return isEmptyYaml(text) ? {} : parse(text);
  } catch {
    return undefined;
  }
}

/** Whether YAML contains only empty lines, comments and `---`. For such a file, some parsers return null, others undefined. */
const isEmptyYaml = (text: string): boolean =>
  text.split(/\r?\n/).every((line) => /^(---)?\s*(#.*)?$/.test(line));

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
