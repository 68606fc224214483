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
 * @param cwd - the folder of the project, or a folder below it
 * @param project - the required name of the project. Default: any name
 * @returns `undefined` if the project file is missing, cannot be read, has no name, or belongs to another project
 * @throws if the user has no permission to open the folder
 */
export function findStackFile(stack: string, cwd: string, project?: string): StackFile | undefined {
  const [projectFile] = findProjectFiles(cwd);
  if (projectFile === undefined) return undefined;
  return readStackFile(projectFile, stack, project);
}

/** Finds the name of the project in a folder. Returns `undefined` if the project file is missing, unreadable or without a name. */
export function findProjectName(folder: string): string | undefined {
  const projectFile = findAccessibleProjectFile(folder);
  return projectFile === undefined ? undefined : readProjectName(projectFile);
}

function findAccessibleProjectFile(folder: string): string | undefined {
  try {
    return findProjectFile(folder);
  } catch {
    // For example, the user has no permission to open the folder.
    return undefined;
  }
}
