import type { Connection } from "../api/parse.js";
import type { Endpoints } from "./types.js";

/** Formats a connection for messages: `connection 40bbb1c2-… from Payments to Observability`. */
export function formatConnection(connectionId: string, state: Endpoints): string {
  const source = state.sourceOrgName ?? state.sourceOrgId ?? "an unidentified organization";
  const sink = state.sinkOrgName ?? state.sinkOrgId ?? "an unidentified organization";
  return `connection ${connectionId} from ${source} to ${sink}`;
}

/**
 * Formats a recreated connection for messages: `another connection, … (logs), now exists …`. A recreated connection has the same
 * source and destination as a connection that is gone.
 */
export const formatRecreated = ({ id, connectionTypes }: Connection): string =>
  `another connection, ${id} (${formatTypes(connectionTypes)}), now exists between the same organizations. ` +
  "This resource did not create it";

/**
 * Completes a sentence that starts with `… is gone`. Describes the recreated connection, if there is one. Otherwise, says that
 * `pulumi up` creates the connection again: the next one, or the one that refreshes now.
 */
export const describeRecreation = (recreated: Connection | undefined): string =>
  recreated
    ? `, but ${formatRecreated(recreated)}. To adopt it, set \`adopt: true\`.`
    : "; `pulumi up` creates it again.";

/** Formats live types for messages. A connection from before types existed has no types, so Datadog chooses the shared data. */
export const formatTypes = (connectionTypes: readonly string[]): string =>
  connectionTypes.length === 0 ? "types chosen by Datadog" : connectionTypes.join(", ");

/** Formats an organization for messages: `Acme Payments (aaaaaaaa-…)`, or only the part that is known. */
export const formatNameAndId = (name: string | undefined, id: string | undefined): string =>
  name === undefined || id === undefined ? (name ?? id ?? "") : `${name} (${id})`;

/** Formats an organization for messages: see {@link formatNameAndId}. */
export const formatParty = ({ id, name }: { id: string; name?: string | undefined }): string =>
  formatNameAndId(name, id);
