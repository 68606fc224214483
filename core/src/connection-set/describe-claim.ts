import { formatOrganizationLabel } from "../credentials/resolve.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { findOrganizationId } from "../operation/find-organization-id.js";
import type { OperationContext } from "../operation/operation-context.js";

/** The source organization of an exclusive set. */
interface SetOrganization {
  /** Its name in the program. */
  source?: string | undefined;
  /** Its UUID. */
  sourceOrgId: string;
}

/**
 * Describes how another resource claims a connection. Returns undefined if there is no claim. A resource claims each connection
 * that it manages in this operation. A resource of the program also claims each connection whose pair it declares or may declare.
 * An exclusive set must not treat a claimed connection as undeclared.
 *
 * A program must not declare an exclusive set and another resource for the same source organization. The constructors of
 * `OrgConnection` and `OrgConnectionSet` (in the plugin, check) refuse the second resource if the settings show such a conflict.
 * This function finds the claims that the settings do not show: those that only a request proves, and those that may exist.
 *
 * In the plugin, the ledger also lists the pairs of the set itself. So do not pass a destination that the set declares.
 */
export async function describeClaim(
  context: OperationContext,
  { source, sourceOrgId }: SetOrganization,
  sink: string,
  connectionId: string,
): Promise<string | undefined> {
  const claimant = context.ledger.findClaimant(connectionId);
  if (claimant !== undefined) return `${claimant} manages it`;
  for (const declaration of context.ledger.listPairs(source)) {
    if (declaration.sinks && !declaration.sinks.includes(sink)) continue;
    // `null` is the default organization. An undefined source is not known yet.
    if (declaration.source === undefined) {
      return (
        `${declaration.resource} may declare it, because its \`source\` is not known yet. ` +
        `Set \`source\` to a string instead of an output`
      );
    }
    const label = formatOrganizationLabel(declaration.source ?? undefined);
    const isSame = await isSameOrganization(context, declaration.source ?? undefined, sourceOrgId);
    if (isSame === true) {
      return declaration.sinks
        ? `${declaration.resource}, of ${label}, declares it`
        : `${declaration.resource}, of ${label}, may declare it, because its destinations are not known yet`;
    }
    if (isSame === undefined) {
      return (
        `${declaration.resource} may declare it, because it is unknown whether ${label} is organization ${sourceOrgId}. ` +
        `Configure the \`id\` of both organizations`
      );
    }
  }
  return undefined;
}

/** Whether a name refers to the organization with this UUID. Returns undefined if that is unknown. */
async function isSameOrganization(
  context: OperationContext,
  source: string | undefined,
  organizationId: string,
): Promise<boolean | undefined> {
  try {
    const id = await findOrganizationId(context, source);
    return id === undefined ? undefined : id === organizationId;
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}
