import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { joinFirst } from "../text/phrases.js";
import { toVariableSuffix } from "../credentials/setting-names.js";
import { mapConcurrent } from "../operation/map-concurrent.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { ConfiguredOrganization } from "../operation/sessions.js";
import { loadPreviewSnapshot } from "../operation/preview-snapshot.js";
import { toCertainFailure } from "./failure-certainty.js";
import type { CheckFailure } from "./types.js";

const MAX_CONCURRENT = 8;
/** How long the other organizations may delay an error that is already known, in milliseconds. */
const MAX_WAIT_MS = 20_000;

/** The operations that have already reported the other organizations. */
const reported = new WeakSet<OperationContext>();

/**
 * Finds further organizations whose credentials fail, after the credentials of one organization have failed. The engine stops at
 * the first resource with a failure, so each run would otherwise report only one organization. Checks all other configured
 * organizations with a name, because the provider does not know which of them the program uses. Also reports sources in
 * `unconfigured` that the provider has no valid credentials for. An operation reports the further organizations only once. A
 * failure after {@link MAX_WAIT_MS} is not reported.
 *
 * @param source - the organization whose credentials have failed
 * @param unconfigured - the sources of the program that have no credentials, as far as the program reports them to the provider
 */
export async function findOtherFailures(
  context: OperationContext,
  source: string | undefined,
  unconfigured: readonly UnconfiguredSource[],
): Promise<CheckFailure[]> {
  if (reported.has(context)) return [];
  reported.add(context);
  const others = listOthers(context, source);
  const failures = new Map<ConfiguredOrganization, string>();
  const checks = mapConcurrent(others, MAX_CONCURRENT, async (other) => {
    try {
      await loadPreviewSnapshot(other.createSession());
    } catch (error) {
      const failure = toCertainFailure(error);
      if (failure) failures.set(other, `${failure.happened} [${failure.code}]`);
    }
  });
  await Promise.race([checks, delay(MAX_WAIT_MS, undefined, { ref: false })]);
  const reasons = new Set(others.flatMap((other) => failures.get(other) ?? []));
  const checked = new Set([source, ...others.map((other) => other.source)].map(toVariableSuffix));
  return [
    ...[...reasons].map((reason) => ({
      property: "source",
      reason: `Also, for another configured organization: ${reason}`,
    })),
    ...reportUnconfiguredSources(context, unconfigured, (suffix) => checked.has(suffix)),
  ];
}

/** Lists the other named organizations. Omits the default organization, whose variables are often set for other tools. */
function listOthers(context: OperationContext, source: string | undefined): ConfiguredOrganization[] {
  const suffix = toVariableSuffix(source);
  try {
    return context
      .listConfiguredOrganizations()
      .filter((other) => other.source !== undefined && toVariableSuffix(other.source) !== suffix);
  } catch (error) {
    // The configuration is invalid. That failure is already known.
    if (!isOrgConnectionsError(error)) throw error;
    return [];
  }
}

/**
 * The name of an internal input: a JSON list of the program's known sources without credentials. The constructor of a resource
 * passes the input only if the resource's own `source` has no credentials. The input is not stored in the state.
 */
export const UNCONFIGURED_SOURCES = "__unconfiguredSources";

const unconfiguredSourceSchema = v.object({
  /** The name of the organization in the program; `null` for the default organization. */
  source: v.nullable(v.string()),
  /** The first resource with this source, formatted for messages: `OrgConnection "hub"`. */
  resource: v.string(),
});

/** A source of the program that has no credentials. */
export type UnconfiguredSource = v.InferOutput<typeof unconfiguredSourceSchema>;

const inputSchema = v.pipe(v.string(), v.parseJson(), v.array(unconfiguredSourceSchema));

/** Parses the internal input. Returns an empty list if it is missing, unknown or invalid. */
export function parseUnconfiguredSources(value: unknown): UnconfiguredSource[] {
  const parsed = v.safeParse(inputSchema, value);
  return parsed.success ? parsed.output : [];
}

/** The maximum count of sources in one message. */
const MAX_NAMES = 30;

/**
 * Reports the given sources whose credentials are missing or invalid in the provider's process. In the program's process, all
 * given sources lack credentials, but the two processes may have different settings. Sends no request.
 *
 * @param isChecked - whether the preview checks have already covered an organization, by the suffix of its environment variables
 */
function reportUnconfiguredSources(
  context: OperationContext,
  sources: readonly UnconfiguredSource[],
  isChecked: (suffix: string) => boolean,
): CheckFailure[] {
  const names: string[] = [];
  const failures: CheckFailure[] = [];
  for (const { source, resource } of sources) {
    if (isChecked(toVariableSuffix(source ?? undefined))) continue;
    try {
      context.getSession(source ?? undefined);
    } catch (error) {
      if (isOrgConnectionsError(error, "unknown-source")) names.push(`"${source ?? ""}" (${resource})`);
      else if (isOrgConnectionsError(error))
        failures.push(createFailure(`for ${resource}: ${error.happened} [${error.code}]`));
      else throw error;
    }
  }
  if (names.length === 0) return failures;
  return [
    createFailure(
      `the program has other sources that are not configured: ${joinFirst(names, MAX_NAMES)}. [unknown-source]`,
    ),
    ...failures,
  ];
}

const createFailure = (reason: string): CheckFailure => ({ property: "source", reason: `Also, ${reason}` });
