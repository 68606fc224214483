import {
  findProjectFile,
  findProjectFiles,
  readProjectName,
  readStackFile,
  type StackFile,
} from "datadog-org-connections-core/credentials/stack-file.js";

/**
 * Finds and reads the configuration file of a stack.
 *
 * @param cwd - the folder of the project, or one below it
 * @param project - the name that the project must have; any name by default
 * @returns `undefined` if the project file is missing, cannot be read, has no name, or belongs to another project
 * @throws if the user has no permission to open the folder
 */
export async function findStackFile(
  stack: string,
  cwd: string,
  project?: string,
): Promise<StackFile | undefined> {
  const [projectFile] = findProjectFiles(cwd);
  if (projectFile === undefined) return undefined;
  return readStackFile(projectFile, stack, project, await loadYamlParser());
}

/** Finds the name of the project in this folder. Returns `undefined` if the project file is missing, cannot be read, or has no name. */
export async function findProjectName(folder: string): Promise<string | undefined> {
  const projectFile = findAccessibleProjectFile(folder);
  return projectFile === undefined ? undefined : readProjectName(projectFile, await loadYamlParser());
}

function findAccessibleProjectFile(folder: string): string | undefined {
  try {
    return findProjectFile(folder);
  } catch {
    // For example, the user has no permission to open the folder.
    return undefined;
  }
}

/** Loads a YAML parser. The one in core needs the Pulumi SDK, which is missing if only datadog-org-connections is installed. */
async function loadYamlParser(): Promise<(text: string) => unknown> {
  const { parse } = await import("yaml");
  // Merge keys (`<<`) are supported, as by the parser in core. Warnings are not printed.
  return (text) => parse(text, { merge: true, logLevel: "error" }) as unknown;
}
