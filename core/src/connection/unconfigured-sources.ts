import * as v from "valibot";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { toVariableSuffix } from "../credentials/organization-name.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { CheckFailure } from "./types.js";

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
export function reportUnconfiguredSources(
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
  const hidden = names.length - MAX_NAMES;
  const list = names.slice(0, MAX_NAMES).join(", ") + (hidden > 0 ? `, and ${hidden} more` : "");
  return [
    createFailure(`the program has other sources that are not configured: ${list}. [unknown-source]`),
    ...failures,
  ];
}

const createFailure = (reason: string): CheckFailure => ({ property: "source", reason: `Also, ${reason}` });
