import { joinFirst } from "../text/phrases.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { formatParty } from "../connection/format-connection.js";
import { hasBothOrganizations, listOutgoing } from "../connection/import.js";
import { MAX_LISTED, requireImportSource } from "../operation/import-sources.js";
import type { OperationContext } from "../operation/operation-context.js";
import { deriveSetInputs } from "./fields.js";
import type { SetInputs, SetState } from "./types.js";

/**
 * Finds all connections from one organization, as the members of a set to import. Changes nothing in Datadog.
 *
 * @param id - a configured organization: its name in the settings (`default` for the default organization) or its UUID
 * @param options - `isGet`: whether the program only reads the set. If so, members without types are accepted. @default false
 * @throws `unknown-source`, `wrong-organization`, `organization-unproven`, `connection-not-found`, `invalid-input`,
 *   `unexpected-response`, and the errors of the credentials and of a request
 */
export async function findSetToImport(
  context: OperationContext,
  id: string,
  { isGet = false }: { isGet?: boolean } = {},
): Promise<{ state: SetState; inputs: SetInputs }> {
  const importSource = await requireImportSource(context, id.trim());
  const { source } = importSource;
  const reading = await importSource.read();
  const { organization, listing } = reading;
  // A row without its source or destination may be a member. Without this error, the set would omit the member.
  const incomplete = listing.connections.find((connection) => !hasBothOrganizations(connection));
  if (incomplete) {
    throw new OrgConnectionsError("unexpected-response", {
      happened: `Datadog lists connection ${incomplete.id} without its source or destination, so the members of the set are not known.`,
      advice: "Run the command again.",
    });
  }
  // Sorted by the UUID of the destination, like the inputs that check returns.
  const members = listOutgoing(reading).toSorted((a, b) => (a.sink.id < b.sink.id ? -1 : 1));
  if (members.length === 0) {
    throw new OrgConnectionsError("connection-not-found", {
      happened: `No connections go from ${formatParty(organization)} to other organizations.`,
      advice: isGet
        ? "A `get` needs at least one existing connection. Check the name of the organization."
        : "There is nothing to import. Declare the set in the program: `pulumi up` creates its connections.",
    });
  }
  // Check would refuse a member without types, but its error would not say how to add the member to the set.
  const withoutTypes = members
    .filter(({ connectionTypes }) => connectionTypes.length === 0)
    .map(
      (member) =>
        `${member.id} (${[member.source, member.sink].map(({ id, name }) => name ?? id).join(" to ")})`,
    );
  if (withoutTypes.length > 0 && !isGet) {
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `A set from ${formatParty(organization)} cannot be imported, because a set declares the types of each connection, ` +
        `and Datadog lists no types for ${joinFirst(withoutTypes, MAX_LISTED)}.`,
      advice:
        "Instead of importing the set, declare it with `adopt: true` and with the types that each connection is to share.",
    });
  }
  const state: SetState = {
    source,
    connections: Object.fromEntries(members.map(({ sink, connectionTypes }) => [sink.id, connectionTypes])),
    members: Object.fromEntries(
      members.map(({ id: connectionId, sink, createdAt, createdBy }) => [
        sink.id,
        { id: connectionId, sinkOrgName: sink.name, createdAt, createdBy: createdBy?.id },
      ]),
    ),
    sourceOrgId: organization.id,
    sourceOrgName: organization.name,
  };
  return { state, inputs: deriveSetInputs(state) };
}
