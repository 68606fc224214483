import { resolveCredentials, type Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { createFailure, createProblem, type Check } from "./check.js";
import {
  diagnoseOrganization,
  createSettingsProblem,
  type OrganizationDiagnosis,
  type DiagnosisOptions,
} from "./diagnose-organization.js";
import { checkProgram } from "./program-checks.js";
import {
  adviseOnSharedOrganizations,
  checkLock,
  checkStackFile,
  compareWithStates,
  readStateOrganizations,
  type StateOrganization,
} from "./stack-checks.js";
import { mapConcurrent } from "datadog-org-connections-core/operation/map-concurrent.js";
import { listConfiguredOrganizations, DEFAULT_NAME } from "../../live/organizations.js";
import { readSettings } from "../../live/read-organizations.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { formatCount } from "../../shared/text.js";

/** The result of `doctor`. */
export interface Diagnosis {
  /** The folder in which the search for the program starts (`--cwd`). */
  folder: string;
  /** The checks of the program and of the stacks. */
  program: Check[];
  organizations: OrganizationDiagnosis[];
}

/** The maximum count of organizations that are checked concurrently. */
const MAX_CONCURRENT = 4;

/**
 * Checks the program, the stacks and every configured organization. If no organization is configured, and the settings could be
 * read, reports what the default organization needs. Shows progress on a terminal.
 */
export async function diagnose(
  { stacks, cwd }: { stacks: readonly string[]; cwd: string },
  options: DiagnosisOptions,
  { env, stderr, signal }: CommandContext,
): Promise<Diagnosis> {
  const progress = new Progress({ stderr, signal });
  try {
    progress.show("checking the program");
    const program = await checkProgram(cwd, env);
    const { settings, checks, inStates, areUnread } = await readStackSettings(stacks, cwd, env);
    program.push(...checks);
    const configured = listConfiguredOrganizations(settings);
    let done = 0;
    const diagnoses = await mapConcurrent(configured, MAX_CONCURRENT, async (organization) => {
      signal.throwIfAborted();
      const diagnosis = await diagnoseOrganization(organization, options);
      progress.show(`checked ${++done} of ${formatCount(configured.length, "organization")}`);
      return compareWithStates(diagnosis, organization, inStates);
    });
    const organizations = adviseOnSharedOrganizations(configured, diagnoses);
    if (organizations.length === 0 && !areUnread) organizations.push(diagnoseDefault(settings));
    return { folder: cwd, program, organizations };
  } finally {
    progress.clear();
  }
}

/**
 * Reads the settings and the state of each stack. If `pulumi` can read the settings, also checks the configuration file and the
 * lock. If the settings of a stack are unreadable or invalid, reports the reason as a check and continues with the next stack. If
 * no stack has valid settings, returns the settings of the environment, and `areUnread`: the stacks may have credentials.
 */
async function readStackSettings(stacks: readonly string[], cwd: string, env: CommandContext["env"]) {
  const settings: Settings[] = [];
  const checks: Check[] = [];
  const inStates: StateOrganization[] = [];
  for (const stack of stacks) {
    try {
      const [own] = await readSettings({ stacks: [stack], cwd, env });
      if (!own) continue;
      settings.push(own);
      checks.push(checkStackFile(stack, cwd));
      inStates.push(...(await readStateOrganizations({ stack, cwd, env }, own)));
      checks.push(...(await checkLock({ stack, cwd, env })));
    } catch (error) {
      if (isOrgConnectionsError(error)) {
        checks.push({ next: "Correct the setting.", ...createFailure("stack", error, "invalid-settings") });
        checks.push(checkStackFile(stack, cwd));
        continue;
      }
      const next =
        "Fix this cause. For example, correct --stack or --cwd, log in (`pulumi login`), or set the passphrase.";
      checks.push(
        createProblem("stack", "stack", error instanceof Error ? error.message : String(error), next),
      );
    }
  }
  const areUnread = stacks.length > 0 && settings.length === 0;
  if (settings.length === 0) settings.push(...(await readSettings({ stacks: [], cwd, env })));
  return { settings, checks, inStates, areUnread };
}

/**
 * Reports what the default organization needs. Called only if no organization is configured.
 *
 * @param settings - the settings of each stack, or of the environment
 */
function diagnoseDefault(settings: readonly Settings[]): OrganizationDiagnosis {
  const problems = settings.flatMap((one) => {
    try {
      resolveCredentials(undefined, one);
      return [];
    } catch (error) {
      return [createSettingsProblem(error as Error)];
    }
  });
  // The settings of several stacks may have the same problem.
  const checks = problems.filter(({ found }, at) => problems.findIndex((one) => one.found === found) === at);
  return { names: [DEFAULT_NAME], checks };
}
