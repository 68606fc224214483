/** The checks of a stack: its configuration file, what its state says about the organizations, and its lock. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { findProjectFiles } from "datadog-org-connections-core/credentials/stack-file.js";
import { findPlainTextCredentials } from "datadog-org-connections-core/credentials/plain-text-credentials.js";
import { formatArgument } from "datadog-org-connections-core/text/escape-text.js";
import { OrganizationNames } from "datadog-org-connections-core/credentials/organization-names.js";
import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { DEFAULT_NAME, hasName, type ConfiguredOrganization } from "../../live/organizations.js";
import {
  exportStack,
  findProjectName,
  findStackFile,
  listStacks,
  readBackendUrl,
  type SelectedStack,
} from "../../stack/pulumi.js";
import { readManagedConnections } from "../../stack/managed.js";
import { formatParty } from "datadog-org-connections-core/connection/format-connection.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { OrganizationDiagnosis } from "./diagnose-organization.js";

/**
 * Checks whether the configuration file of a stack contains a key or token in plain text. Reads the file, because the engine does
 * not say which values are in plain text: if one value of a setting is a secret, the engine marks the whole setting as secret.
 *
 * @param cwd - the folder of the project, or a folder below it
 */
export function checkStackFile(stack: string, cwd: string): Check {
  const found = findStackFile(stack, cwd);
  if (!found?.config) {
    const name = found ? path.relative(cwd, found.file) : "The configuration file of the stack";
    return createUnknown(
      "stack",
      `${name} cannot be read, so it is unknown whether it contains a key or token in plain text.`,
    );
  }
  const file = path.relative(cwd, found.file);
  const [first, ...others] = findPlainTextCredentials(found.config);
  if (!first) return createOk("stack", `${file} contains no key or token in plain text.`);
  const settings = [first, ...others].map(({ setting }) => `\`${setting}\``).join(", ");
  const more = others.length === 0 ? "" : ". Do the same for the other settings.";
  return createProblem(
    "stack",
    "credential-in-plain-text",
    `${file} contains ${settings} in plain text.`,
    `Revoke the key or token in Datadog and set a new one as a secret: ${first.command} --stack ${formatArgument(stack)}${more}`,
  );
}

/** An organization that a stack manages connections of. */
export interface StateOrganization {
  stack: string;
  /** The settings of the stack. */
  settings: Settings;
  /** The name in the program. */
  source: string;
  id: string;
  name: string | undefined;
}

/** Reads the organizations of the connections in a state. Leaves out those with credentials of a provider. */
export async function readStateOrganizations(
  selected: SelectedStack,
  settings: Settings,
): Promise<StateOrganization[]> {
  const { connections } = readManagedConnections(await exportStack(selected));
  return connections.flatMap(({ source = DEFAULT_NAME, isSourceUnknown, sourceOrgId: id, sourceOrgName }) =>
    id === undefined || isSourceUnknown
      ? []
      : [{ stack: selected.stack, settings, source, id, name: sourceOrgName }],
  );
}

/** Reports credentials that belong to another organization than the connections in the state that use them. */
export function compareWithStates(
  diagnosis: OrganizationDiagnosis,
  organization: ConfiguredOrganization,
  all: readonly StateOrganization[],
): OrganizationDiagnosis {
  const checks = diagnosis.checks.map((one): Check => {
    const { caller } = one;
    const other = all.find(
      ({ settings, source, id }) =>
        caller &&
        id !== caller.id &&
        organization.settings.includes(settings) &&
        hasName(organization, source),
    );
    if (!caller || !other) return one;
    return createProblem(
      "organization",
      "wrong-organization",
      `The credentials belong to ${formatParty(caller)}, but the connections of ${formatSource(other.source)} in the state of stack ${other.stack} belong to ${formatParty(other)}.`,
      "Set the credentials of the organization in the state. For another organization, use another name.",
    );
  });
  return { ...diagnosis, checks };
}

/**
 * Advises against two names of a stack for one organization, if the package does not find that resources under both names declare one
 * pair: if they have neither the same `id` nor the same credentials.
 */
export function adviseOnSharedOrganizations(
  organizations: readonly ConfiguredOrganization[],
  diagnoses: readonly OrganizationDiagnosis[],
): OrganizationDiagnosis[] {
  const proven = diagnoses.map(({ checks }) => checks.find(({ caller }) => caller)?.caller);
  return diagnoses.map((diagnosis, at) => {
    const [caller, own] = [proven[at], organizations[at]];
    const other = organizations.find(
      (one, index) => index < at && proven[index]?.id === caller?.id && own && areTakenForTwo(own, one),
    );
    if (!caller || !other) return diagnosis;
    const advice: Check = {
      check: "organization",
      verdict: "advice",
      found: `The credentials of ${formatSource(other.source)} belong to the same organization. Two resources that declare one pair under these two names are not found.`,
      next: `Use one name in the program, or configure the \`id\` ${caller.id} for both.`,
    };
    return { ...diagnosis, checks: [...diagnosis.checks, advice] };
  });
}

/** Whether the package takes two names of a stack for different organizations. */
const areTakenForTwo = (one: ConfiguredOrganization, other: ConfiguredOrganization): boolean =>
  one.settings.some((settings) => {
    const names = new OrganizationNames(() => settings);
    names.findEquivalentNames(one.source);
    return other.settings.includes(settings) && !names.findEquivalentNames(other.source).has(one.source);
  });

const formatSource = (source = DEFAULT_NAME): string =>
  source === DEFAULT_NAME ? "the default organization" : `\`${source}\``;

/** Checks whether a run locks the stack. Without a lock, there is no check to report. */
export async function checkLock(selected: SelectedStack): Promise<Check[]> {
  const { stack } = selected;
  const isLocked = await findLock(selected).catch(() => undefined);
  if (isLocked === undefined)
    return [createUnknown("stack", `It was not checked whether a run locks stack ${stack}.`)];
  if (!isLocked) return [];
  return [
    createProblem(
      "stack",
      "stack-locked",
      `A run locks stack ${stack}, so \`pulumi up\` fails.`,
      `Wait until the run has ended. If it was killed, run \`pulumi cancel --stack ${formatArgument(stack)}\`.`,
    ),
  ];
}

/**
 * Whether a run locks the stack. Pulumi Cloud lists the lock with the stack. In a folder, a lock is a file in
 * `.pulumi/locks/organization/PROJECT/STACK` (pulumi/pulumi, pkg/backend/diy/lock.go).
 *
 * @returns undefined for another backend, whose locks the CLI does not list
 */
async function findLock({ stack, cwd, env }: SelectedStack): Promise<boolean | undefined> {
  const url = await readBackendUrl({ cwd, env });
  if (/^https?:/.test(url)) {
    const found = (await listStacks({ cwd, env })).find(
      ({ name }) => name === stack || name.split("/").at(-1) === stack,
    );
    return found && found.updateInProgress === true;
  }
  const [projectFile = ""] = findProjectFiles(cwd);
  const [name, project = findProjectName(path.dirname(projectFile))] = stack.split("/").reverse();
  if (!url.startsWith("file://") || name === undefined || project === undefined) return undefined;
  const folder = url
    .slice("file://".length)
    .replace(/\?.*/, "")
    .replace(/^~/, env["HOME"] ?? homedir());
  const locks = path.join(path.resolve(cwd, folder), ".pulumi/locks/organization", project, name);
  const files = await readdir(locks).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return files.some((file) => file.endsWith(".json"));
}
