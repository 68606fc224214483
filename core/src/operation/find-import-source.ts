import { encodeText } from "../text/escape-text.js";
import { joinFirst } from "../text/phrases.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Party } from "../api/parse.js";
import { toVariableSuffix } from "../credentials/organization-name.js";
import {
  findConfiguredSource,
  isSameName,
  listImportSources,
  readSources,
  type FailedReading,
  type ImportSource,
} from "./import-sources.js";
import type { OperationContext } from "./operation-context.js";

/** The maximum count of entries in one list of a message. */
export const MAX_LISTED = 20;

/**
 * Finds a configured organization by its UUID or, if none has this UUID, by its name in Datadog. Reads all configured
 * organizations.
 *
 * @returns `found`: the organization, or `undefined` if none matches; `failures`: the organizations that could not be read
 * @throws `organization-ambiguous` if several organizations have this name, and the errors of the settings and of a request for a
 *   name
 */
export async function findSourceInDatadog(
  context: OperationContext,
  reference: string,
): Promise<{ found: ImportSource | undefined; failures: readonly FailedReading[] }> {
  const { readings, failures } = await readSources(listImportSources(context));
  // The UUID is compared first, because the names may have to be requested.
  const byId = readings.find(({ organization }) => organization.id === reference.toLowerCase());
  if (byId) return { found: byId.source, failures };
  const matches = new Map<string, ImportSource>();
  for (const reading of readings) {
    const { source, organization } = reading;
    const isMatch = isSameName(reference, await source.findName(reading));
    // Several entries in the settings may be for the same organization. The first entry is used.
    if (isMatch && !matches.has(organization.id)) matches.set(organization.id, source);
  }
  if (matches.size > 1) throw createAmbiguousSourceError(reference, [...matches.keys()]);
  return { found: [...matches.values()][0], failures };
}

/**
 * Finds a configured organization by its name in the settings, its UUID, or its name in Datadog, in this order.
 *
 * @throws `unknown-source`, `organization-ambiguous`, and the errors of the settings and of a request for a name
 */
export async function requireImportSource(
  context: OperationContext,
  reference: string,
): Promise<ImportSource> {
  const configured = findConfiguredSource(context, reference);
  if (configured) return configured;
  const { found, failures } = await findSourceInDatadog(context, reference);
  if (found) return found;
  throw createUnknownSourceError(context, [reference], failures);
}

/**
 * Creates the error for an organization that was not found among the configured ones.
 *
 * @param references - the possible names or UUIDs. An import ID (`SOURCE/SINK`) with several slashes can be split in several ways
 */
export function createUnknownSourceError(
  context: OperationContext,
  references: readonly string[],
  failures: readonly FailedReading[],
): OrgConnectionsError {
  const names = references.map((reference) => `"${encodeText(reference)}"`).join(" or ");
  const suffix = toVariableSuffix(references[0]);
  return new OrgConnectionsError("unknown-source", {
    happened:
      `No configured organization${failures.length > 0 ? " that could be read" : ""} has the name or UUID ${names} (configured: ${formatSources(context)}).` +
      formatFailures(failures),
    advice:
      `Use the name or UUID of a configured organization, or \`default\`. If the organization is not configured, set its ` +
      `credentials: DD_API_KEY__${suffix} and DD_APP_KEY__${suffix}, or its entry in the stack's configuration.`,
  });
}

function createAmbiguousSourceError(reference: string, ids: readonly string[]): OrgConnectionsError {
  return new OrgConnectionsError("organization-ambiguous", {
    happened: `Several configured organizations are named "${encodeText(reference)}" in Datadog: ${joinFirst(ids, MAX_LISTED)}.`,
    advice: "Use the UUID of one of them, or its name in the settings.",
  });
}

/** Formats the configured organizations: `default, payments`. */
const formatSources = (context: OperationContext): string =>
  joinFirst(
    listImportSources(context).map(({ source }) => source ?? "default"),
    MAX_LISTED,
  );

/** Formats why some organizations could not be read, as a sentence that begins with a space. Empty if all could be read. */
export const formatFailures = (failures: readonly FailedReading[]): string =>
  failures.length === 0
    ? ""
    : ` Some organizations could not be read: ${joinFirst(
        [...new Set(failures.map(({ error }) => `${error.happened} [${error.code}]`))],
        MAX_LISTED,
      )}.`;

/** Formats an organization for messages: `Acme Payments (aaaaaaaa-…)`. */
export const formatParty = ({ id, name }: Party): string => (name === undefined ? id : `${name} (${id})`);
