import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { parseYaml } from "./yaml.js";

/** In the order in which the engine looks for them (pulumi/pulumi, sdk/go/common/encoding). */
const EXTENSIONS = [".json", ".yaml", ".yml"];

/** The project file of a folder itself. */
export function projectFileIn(folder: string): string | undefined {
  return EXTENSIONS.map((extension) => path.join(folder, `Pulumi${extension}`)).find(isFile);
}

/** The project files of a folder and of those above it, the nearest first. */
export function projectFilesAbove(folder: string): string[] {
  const file = projectFileIn(folder);
  const parent = path.dirname(folder);
  return [...(file === undefined ? [] : [file]), ...(parent === folder ? [] : projectFilesAbove(parent))];
}

const projectSchema = v.object({
  name: v.string(),
  stackConfigDir: v.optional(v.string()),
  config: v.optional(v.unknown()),
});
const stackFileSchema = v.object({ config: v.nullish(v.record(v.string(), v.unknown())) });

/** The file that holds a stack's configuration, as it is: secrets are encrypted in it. */
export interface StackFile {
  /** Its path. */
  file: string;
  /** By full key, `namespace:name`; none where the file is missing, cannot be read or is not of its form. */
  config?: ReadonlyMap<string, unknown>;
}

/**
 * Finds and reads `Pulumi.<stack>.yaml` of a project, where the engine looks for it (pulumi/pulumi,
 * sdk/go/common/workspace/paths.go). The engine can be told to look elsewhere (`--config-file`, configuration in Pulumi
 * Cloud): that cannot be seen.
 *
 * @param stack - as its user names it; of `organization/project/dev` the file is named after `dev`
 * @param project - the name that the project must have; left out, any
 * @param parse - parses YAML; throws or returns none where the text is not YAML
 * @returns none where the project file cannot be read, or is that of another project
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
  // `config` as a text is how older projects name the folder.
  const folder = stackConfigDir ?? (typeof config === "string" ? config : ".");
  const base = `Pulumi.${stack.split("/").at(-1) ?? ""}${path.extname(projectFile)}`;
  const file = path.join(path.dirname(projectFile), folder, base);
  const content = v.safeParse(stackFileSchema, readYaml(file, parse));
  if (!content.success) return { file };
  const entries = Object.entries(content.output.config ?? {});
  return { file, config: new Map(entries.map(([key, value]) => [fullKey(key, name), value])) };
}

/** A key without a namespace is one of the project's; `namespace:config:name` is an older form. */
function fullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2") : `${project}:${key}`;
}

function readYaml(file: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
