import { formatOrganizationLabel } from "../credentials/resolve.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { findOrganizationId } from "../operation/prove-caller.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { Listing } from "../api/paging.js";
import type { SetInputs, SetState } from "./types.js";

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

/**
 * Finds the live connections from the set's organization that are not members and that no other resource claims (see
 * {@link describeClaim}). Omits every connection to a member's destination, even one with a new ID.
 *
 * @param declared - the types that the set declares, by destination. Empty in a refresh. A live connection to a declared
 *   destination is not undeclared, even if the destination has no member because creating or adopting the connection failed or has
 *   an unknown outcome
 */
export async function findUndeclared(
  context: OperationContext,
  { connections }: Listing,
  set: Pick<SetState, "source" | "sourceOrgId" | "members">,
  declared: SetInputs["connections"] = {},
): Promise<{ connections: Record<string, string[]>; ids: Record<string, string> }> {
  const rows = connections.flatMap(({ id, source, sink, connectionTypes }) =>
    source?.id === set.sourceOrgId && sink && !(sink.id in set.members)
      ? [{ id, sink: sink.id, connectionTypes }]
      : [],
  );
  const undeclared = [];
  for (const row of rows) {
    if (row.sink in declared) continue;
    if ((await describeClaim(context, set, row.sink, row.id)) === undefined) undeclared.push(row);
  }
  return {
    connections: Object.fromEntries(undeclared.map(({ sink, connectionTypes }) => [sink, connectionTypes])),
    ids: Object.fromEntries(undeclared.map(({ sink, id }) => [sink, id])),
  };
}
