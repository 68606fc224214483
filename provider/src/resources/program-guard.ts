import { createRequire } from "node:module";
import {
  findPlainTextCredentials,
  type PlainTextCredential,
} from "datadog-org-connections-core/credentials/plain-text-credentials.js";
import { ORGANIZATIONS_KEY, SECRET_KEYS } from "datadog-org-connections-core/credentials/setting-names.js";
import {
  requireValidSettings,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import {
  findProjectFile,
  findProjectFiles,
  readStackFile,
} from "datadog-org-connections-core/credentials/stack-file.js";
import { formatMissingPackageAdvice } from "datadog-org-connections-core/program/add-package.js";
import { allConfig, createPerRun, getProject, getRootDirectory, getStack, isConfigSecret } from "./sdk.js";
import path from "node:path";

/** Reads the stack's configuration in the running program. */
export const readProgramConfig: ConfigReader = (key) => {
  const value = (allConfig() as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
};

/** Requires a valid configuration of the stack. Each resource and each function of a program calls it first. */
export function requireValidConfiguration(): void {
  refusePlainTextCredentials();
  requireValidSettingsOfRun();
}

/** Once per run, because each resource needs it. */
const requireValidSettingsOfRun = createPerRun(() =>
  requireValidSettings(new Map(Object.entries(allConfig()))),
);

/**
 * Refuses credentials in plain text in the stack's configuration: the state would have them in plain text too. Only the
 * program can detect this.
 *
 * If one value in a setting is secret, the engine marks the whole setting as secret. So a plain-text key next to a secret one
 * in `organizations` is visible only in the stack's file, if that file is available.
 */
function refusePlainTextCredentials(): void {
  const values = [...SECRET_KEYS, ORGANIZATIONS_KEY]
    .filter((key) => !isConfigSecret(key))
    .map((key) => [key, readProgramConfig(key)] as const);
  const plainTextCredentials = findPlainTextCredentials(new Map(values));
  if (plainTextCredentials.length > 0)
    throw createPlainTextError(
      "The stack's configuration",
      plainTextCredentials,
      ", and the state would too",
    );
  if (!isConfigSecret(ORGANIZATIONS_KEY)) return;
  const { file, credentials } = getPlainTextInStackFile();
  if (credentials.length > 0)
    throw createPlainTextError(
      path.basename(file),
      credentials,
      `, although another value in \`${ORGANIZATIONS_KEY}\` is secret`,
    );
}

/**
 * @param where - what contains the credentials: the start of the sentence
 * @param addition - the end of the sentence: `, and the state would too`
 */
function createPlainTextError(
  where: string,
  credentials: readonly PlainTextCredential[],
  addition: string,
): OrgConnectionsError {
  const settings = credentials.map(({ setting }) => `\`${setting}\``).join(", ");
  return new OrgConnectionsError("credential-in-plain-text", {
    happened: `${where} contains ${settings} in plain text${addition}.`,
    advice:
      credentials.length > 1
        ? `Set each of them again with --secret, the first one with \`${credentials[0]?.command ?? ""}\`.`
        : `Set it again with \`${credentials[0]?.command ?? ""}\`.`,
  });
}

/** The credentials in plain text in the stack's file. */
interface PlainTextInStackFile {
  file: string;
  credentials: PlainTextCredential[];
}

/** Reads it once per run, because each resource needs it. */
const getPlainTextInStackFile = createPerRun((): PlainTextInStackFile => {
  const root = getRootDirectory();
  // Older language hosts do not pass the project's directory.
  const projectFiles = path.isAbsolute(root) ? [findProjectFile(root)] : findProjectFiles(process.cwd());
  for (const projectFile of projectFiles) {
    const found =
      projectFile === undefined ? undefined : readStackFile(projectFile, getStack(), getProject());
    if (found) return { file: found.file, credentials: findPlainTextCredentials(found.config ?? new Map()) };
  }
  return { file: "", credentials: [] };
});

const PACKAGE = "pulumi-datadog-org-connections";

/**
 * The folder in which the language host has started this program, and in which the engine starts the provider process. Read
 * when this module is loaded, because a program can change its working directory. Without a language host, there is no such
 * folder: unit tests have no provider process, and that of an inline program of the Automation API may have another folder.
 */
const PROGRAM_FOLDER = process.env["PULUMI_NODEJS_MONITOR"] === undefined ? undefined : process.cwd();

let canLoadHost: boolean | undefined;

/**
 * Refuses a resource whose provider line (core/src/host/provider-lines.ts) cannot be evaluated: with pnpm, a program cannot load a
 * package that only a library depends on, and the provider process would fail with the error of `require`.
 *
 * @param resource - the resource, formatted for messages: `OrgConnection "hub"`
 * @throws `package-missing`
 */
export function requireHost(resource: string, folder = PROGRAM_FOLDER): void {
  if (folder === undefined) return;
  canLoadHost ??= canResolve(`${PACKAGE}/host`, folder);
  if (canLoadHost) return;
  throw new OrgConnectionsError("package-missing", {
    happened:
      `${resource}: the package ${PACKAGE} is not installed for the program in ${folder}, where Pulumi's provider process ` +
      "loads it.",
    advice: formatMissingPackageAdvice(PACKAGE, folder),
  });
}

function canResolve(name: string, folder: string): boolean {
  try {
    createRequire(path.join(folder, "index.js")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
