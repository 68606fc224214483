import {
  findProjectFiles,
  readStackFile,
  type StackFile,
} from "datadog-org-connections-core/credentials/stack-file.js";

/**
 * Finds and reads the configuration file of a stack. Undefined if the project file is missing, cannot be
 * read, or is that of another project.
 *
 * @param cwd - the folder of the project, or one below it
 * @param project - the name that the project must have; any name by default
 */
export async function findStackFile(
  stack: string,
  cwd: string,
  project?: string,
): Promise<StackFile | undefined> {
  const [projectFile] = findProjectFiles(cwd);
  if (projectFile === undefined) return undefined;
  const { parse } = await import("yaml");
  // The default parser needs the Pulumi SDK, which is missing if only datadog-org-connections is installed.
  const parseYaml = (text: string): unknown => parse(text, { merge: true, logLevel: "error" });
  return readStackFile(projectFile, stack, project, parseYaml);
}
