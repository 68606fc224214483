import { resolveCredentials, type Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { problem, type Check } from "./check.js";
import { examine, settingsProblem, type Examined, type Wishes } from "./examine.js";
import { programChecks } from "./program.js";
import { stackFileCheck } from "./stack-file.js";
import { aFewAtATime } from "datadog-org-connections-core/operation/a-few-at-a-time.js";
import { configuredOrganizations, DEFAULT_NAME } from "../../live/organizations.js";
import { readSettings } from "../../live/read-stacks.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";

/** What `doctor` found. */
export interface Diagnosis {
  /** The folder of the program that was looked at, or from which it was looked for. */
  folder: string;
  program: Check[];
  organizations: Examined[];
}

/** Organizations that are examined at once. */
const AT_ONCE = 4;

/** Examines the program and every configured organization, with progress on a terminal. */
export async function diagnose(
  { stacks, cwd }: { stacks: readonly string[]; cwd: string },
  wishes: Wishes,
  { env, stderr, signal }: CommandContext,
): Promise<Diagnosis> {
  const progress = new Progress({ stderr, signal });
  try {
    progress.at("looking at the program");
    const program = await programChecks(cwd, env);
    const { settings, checks } = await readStackSettings(stacks, cwd, env);
    program.push(...checks);
    const configured = configuredOrganizations(settings);
    let done = 0;
    const organizations = await aFewAtATime(configured, AT_ONCE, async (one) => {
      signal.throwIfAborted();
      const examined = await examine(one, wishes);
      progress.at(`examined ${++done} of ${configured.length} organizations`);
      return examined;
    });
    return { folder: cwd, program, organizations: organizations.length > 0 ? organizations : [nobody(env)] };
  } finally {
    progress.end();
  }
}

/** Of a stack that cannot be read the reason is reported, and the rest is examined all the same. */
async function readStackSettings(stacks: readonly string[], cwd: string, env: CommandContext["env"]) {
  const settings: Settings[] = [];
  const checks: Check[] = [];
  for (const stack of stacks) {
    try {
      settings.push(...(await readSettings({ stacks: [stack], cwd, env })));
      checks.push(await stackFileCheck(stack, cwd));
    } catch (error) {
      const next = "Correct --stack or --cwd, log in (`pulumi login`), set the passphrase: as it says.";
      checks.push(problem("stack", "stack", error instanceof Error ? error.message : String(error), next));
    }
  }
  if (settings.length === 0) settings.push(...(await readSettings({ stacks: [], cwd, env })));
  return { settings, checks };
}

/** No organization is configured at all: what the default one would need. */
function nobody(env: CommandContext["env"]): Examined {
  try {
    resolveCredentials(undefined, { config: () => undefined, env });
    return { names: [DEFAULT_NAME], checks: [] };
  } catch (failure) {
    return { names: [DEFAULT_NAME], checks: [settingsProblem(failure as Error)] };
  }
}
