import type { Listing } from "../api/paging.js";
import type { Connection } from "../api/parse.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { proveCaller } from "../operation/identity.js";
import { byPair } from "./records.js";
import type { Session } from "../operation/session.js";
import type { Wanted } from "./types.js";
import type { World } from "../operation/world.js";

/** The live connection of the wanted pair. Where nobody can tell whose keys these are, the only one to that sink. */
export async function existingIn(
  session: Session,
  listing: Listing,
  wanted: Wanted,
): Promise<Connection | undefined> {
  const toSink = listing.connections.filter(({ sink }) => sink?.id === wanted.sinkOrgId);
  if (toSink.length === 0) return undefined;
  const caller = await proveCaller(session);
  if (caller !== undefined) return byPair(listing, caller, wanted.sinkOrgId);
  return toSink.length === 1 ? toSink[0] : undefined;
}

/** Whether an existing pair is taken over: as the program says, or by the environment for this run. */
export function isAdopting(world: World, wanted: Wanted): boolean {
  return wanted.adopt === true || world.adoptAll();
}

/** How messages speak of one that exists: `connection … (logs), made by … on …`. */
export function describeExisting({ id, connectionTypes, createdBy, createdAt }: Connection): string {
  const creator = createdBy ? `made by ${createdBy.name ?? createdBy.id}` : "made by nobody recorded";
  return `connection ${id} (${connectionTypes.join(", ")}), ${creator} on ${createdAt.slice(0, 10)}`;
}

/** The pair is taken: which connection has it, and the ways on. */
export function pairExists(
  session: Session,
  wanted: Wanted,
  existing: Connection | undefined,
): OrgConnectionsError {
  const { label } = session.credentials;
  const found = existing ? describeExisting(existing) : "a connection that these keys cannot tell apart";
  return new OrgConnectionsError(
    "pair-exists",
    {
      happened:
        `${label.charAt(0).toUpperCase()}${label.slice(1)} already shares with ` +
        `${existing?.sink?.name ?? wanted.sinkOrgId}: ${found}. Nothing was changed.`,
      advice:
        `If the resource was renamed, give it \`aliases\` with its old name. ` +
        `If it is being replaced on purpose (--replace, taint), set \`deleteBeforeReplace: true\` for this run. ` +
        `If this connection is meant, take it over with \`adopt: true\`, or for one run with ` +
        `DATADOG_ORG_CONNECTIONS_ADOPT=true.`,
    },
    { status: 409 },
  );
}
