import * as v from "valibot";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { toVariableSuffix } from "../credentials/organization-name.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { CheckFailure } from "./types.js";

/**
 * The name of an internal input. If a resource's `source` has no credentials, the constructor of the resource sets it to the list of the
 * sources of the program that have none, as far as they are known. It is not stored in the state.
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

/** Parses the internal input. Returns an empty list if it is missing or unknown. */
export function parseUnconfiguredSources(value: unknown): UnconfiguredSource[] {
  const parsed = v.safeParse(inputSchema, value);
  return parsed.success ? parsed.output : [];
}

/** The maximum count of names in one message. */
const MAX_NAMES = 30;

/**
 * Reports the sources that have no credentials in the process of the program, and none or invalid ones in this one, the provider's.
 * Sends no request.
 *
 * @param isChecked - whether the preview checks of the organization with this variable suffix run, so that they report its credentials
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
