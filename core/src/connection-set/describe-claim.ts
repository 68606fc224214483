import { formatOrganizationLabel } from "../credentials/resolve.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { proveCaller } from "../operation/prove-caller.js";
import type { OperationContext } from "../operation/operation-context.js";

/** The organization of an exclusive set. */
interface SetOrganization {
  /** Its name in the program. */
  source?: string | undefined;
  /** Its UUID. */
  sourceOrgId: string;
}

/**
 * Describes the claim of another resource to a connection, which an exclusive set must then not treat as undeclared. Returns
 * undefined if there is no claim. The constructor refuses another resource of the set's organization only if it knows that
 * the `source` of both is the same organization. This function finds the other claims: connections that other resources
 * manage in this operation, and pairs that other resources of the program declare.
 */
export async function describeClaim(
  context: OperationContext,
  { source, sourceOrgId }: SetOrganization,
  sink: string,
  connectionId: string,
): Promise<string | undefined> {
  const claimant = context.claimants.get(connectionId.toLowerCase());
  if (claimant !== undefined) return `${claimant} manages it`;
  for (const other of context.otherPairs.get(source) ?? []) {
    if (other.sinks && !other.sinks.includes(sink)) continue;
    // `null` is the default organization; undefined means that the source is not known yet.
    const name = other.source ?? undefined;
    const isSame =
      other.source === undefined ? undefined : await isSameOrganization(context, name, sourceOrgId);
    if (isSame === true) return `${other.resource}, of ${formatOrganizationLabel(name)}, declares it`;
    if (isSame === undefined) {
      const who = other.source === undefined ? "its organization" : formatOrganizationLabel(name);
      return (
        `${other.resource} may declare it, because it is unknown whether ${who} is organization ${sourceOrgId}. ` +
        `Configure the \`id\` of both organizations`
      );
    }
  }
  return undefined;
}

/** Whether a name refers to this organization. Returns undefined if that is unknown. */
async function isSameOrganization(
  context: OperationContext,
  source: string | undefined,
  organizationId: string,
): Promise<boolean | undefined> {
  try {
    const session = context.getSession(source);
    const id = session.credentials.organizationId ?? (await proveCaller(session));
    return id === undefined ? undefined : id === organizationId;
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}
