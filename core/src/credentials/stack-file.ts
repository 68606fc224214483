import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import type * as Yaml from "yaml";

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
 * @returns `undefined` if the project file cannot be read or has no name
 */
export function readProjectName(projectFile: string): string | undefined {
  const parsed = v.safeParse(projectSchema, readYaml(projectFile));
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
 * @returns `undefined` if the project file cannot be read, has no name, or belongs to another project
 */
export function readStackFile(projectFile: string, stack: string, project?: string): StackFile | undefined {
  const parsed = v.safeParse(projectSchema, readYaml(projectFile));
  if (!parsed.success) return undefined;
  const { name, stackConfigDir, config } = parsed.output;
  if (project !== undefined && name !== project) return undefined;
  // Older projects name the folder with a string in `config`.
  const folder = stackConfigDir ?? (typeof config === "string" ? config : ".");
  const base = `Pulumi.${stack.split("/").at(-1) ?? ""}${path.extname(projectFile)}`;
  const file = path.join(path.dirname(projectFile), folder, base);
  const content = v.safeParse(stackFileSchema, readYaml(file));
  if (!content.success) return { file };
  const entries = Object.entries(content.output.config ?? {});
  return { file, config: new Map(entries.map(([key, value]) => [toFullKey(key, name), value])) };
}

/** Adds the name of the project as the namespace if the key has none. Converts the older form `namespace:config:name`. */
function toFullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2") : `${project}:${key}`;
}

function readYaml(file: string): unknown {
  try {
    const text = readFileSync(file, "utf8");
    return isEmptyYaml(text) ? {} : parseYaml(text);
  } catch {
    return undefined;
  }
}

/** Whether YAML contains only empty lines, comments and `---`. The parser returns null for such a file. */
const isEmptyYaml = (text: string): boolean =>
  text.split(/\r?\n/).every((line) => /^(---)?\s*(#.*)?$/.test(line));

/**
 * Loads the parser at the first call, because few programs need it, and a resource of a program cannot wait for a dynamic import.
 * The bundler compiles the parser into the package for programs.
 */
function parseYaml(text: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment
  const { parse }: Pick<typeof Yaml, "parse"> = require("yaml");
  // Pulumi supports merge keys (`<<`) too. Do not print warnings.
  return parse(text, { merge: true, logLevel: "error" });
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
