import type { Listing } from "../api/paging.js";
import type { Connection } from "../api/parse.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { isOurs } from "./attribution.js";
import { claim } from "../operation/claims.js";
import { changeTypes } from "./change-types.js";
import { existingIn, isAdopting, pairExists } from "./existing.js";
import { proveCaller, requireConfiguredId } from "../operation/identity.js";
import { sameSet } from "./inputs.js";
import { isLost } from "./lost.js";
import { byPair, record } from "./records.js";
import type { Session } from "../operation/session.js";
import type { Created, Wanted } from "./types.js";
import type { World } from "../operation/world.js";

/** How often a create is sent, when each time the answer is lost and nothing is live afterwards. */
const TRIES = 3;

/**
 * Creates the connection, exactly one. A connection that exists already is taken over when the program says `adopt`;
 * otherwise it is an error that names it and the ways on.
 *
 * @throws `pair-exists`, `outcome-unknown`, and what the client throws
 */
export async function create(world: World, wanted: Wanted): Promise<Created> {
  const session = world.session(wanted.source);
  await requireConfiguredId(session, `Creating the connection to ${wanted.sinkOrgId}`);
  const baseline = await session.baseline();

  const seen = isAdopting(world, wanted) ? await seenBefore(world, session, baseline, wanted) : undefined;
  const live = seen
    ? await takeOver(world, session, wanted, seen)
    : await post(world, session, baseline, wanted);
  claim(world, live.id, wanted.source);
  // Relationships are optional in the answer (S); read and delete need the source, so it is looked up when missing.
  // The connection is made by now: whatever goes wrong here, the state must get its id.
  const sourceOrgId = live.source?.id ?? (await proveCaller(session).catch(() => undefined));
  return { connectionId: live.id, recorded: record(wanted, live, { sourceOrgId }) };
}

/**
 * The connection of the pair that was there before this operation, is still there, and is not being deleted. Only for keys
 * that are proven: without the refusal of a create, a row to that sink may be anybody's.
 */
async function seenBefore(
  world: World,
  session: Session,
  baseline: Listing,
  { sinkOrgId }: Wanted,
): Promise<Connection | undefined> {
  if (!baseline.connections.some(({ sink }) => sink?.id === sinkOrgId)) return undefined;
  const caller = await proveCaller(session);
  if (caller === undefined || !byPair(baseline, caller, sinkOrgId)) return undefined;
  const seen = byPair(await session.listing(), caller, sinkOrgId);
  return seen && !world.ended.has(seen.id) ? seen : undefined;
}

/**
 * Sends the create. When the answer is lost or says that the pair exists, it looks what is live before it tries again: what
 * it has created itself is the result, what was there before is taken over.
 */
async function post(world: World, session: Session, baseline: Listing, wanted: Wanted): Promise<Connection> {
  let lost: OrgConnectionsError | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      const live = await session.write((client) => client.create(wanted.sinkOrgId, wanted.connectionTypes));
      session.user = live.createdBy?.id ?? session.user;
      return live;
    } catch (error) {
      if (isLost(error)) lost = error;
      else if (isOrgConnectionsError(error, "not-found")) throw unknownSink(session, wanted, error);
      else if (!isOrgConnectionsError(error, "conflict")) {
        // An earlier try may still land.
        throw lost ? outcomeUnknown(session, wanted, lost) : error;
      }
    }
    const existing = await liveNow(session, wanted, lost);
    // Nothing there, or what is there is being ended by this operation: the next try may go through.
    if (!existing || world.ended.has(existing.id)) continue;
    const isMine =
      lost !== undefined && isOurs(existing, baseline, session.user, wanted.connectionTypes, world.ended);
    return isMine ? existing : await takeOver(world, session, wanted, existing);
  }
  throw lost ? outcomeUnknown(session, wanted, lost) : pairExists(session, wanted, undefined);
}

/** What is live of the pair after a failed try. When that cannot be seen either, the outcome stays unknown. */
async function liveNow(
  session: Session,
  wanted: Wanted,
  lost: OrgConnectionsError | undefined,
): Promise<Connection | undefined> {
  try {
    return await existingIn(session, await session.listingSince(session.moment()), wanted);
  } catch (error) {
    throw lost ? outcomeUnknown(session, wanted, lost) : error;
  }
}

/** Takes a connection over, if the program says so, and brings its managed types in line. */
async function takeOver(
  world: World,
  session: Session,
  wanted: Wanted,
  existing: Connection,
): Promise<Connection> {
  if (!isAdopting(world, wanted)) throw pairExists(session, wanted, existing);
  const types = wanted.connectionTypes;
  const before = world.kept.get(existing.id);
  world.kept.set(existing.id, "this operation took it over for another resource");
  try {
    if (!types || sameSet(types, existing.connectionTypes)) return existing;
    const { connectionTypes } = await changeTypes(session, existing.id, types);
    return { ...existing, connectionTypes };
  } catch (error) {
    // Not taken over after all: whoever gives it up may end it.
    if (before === undefined) world.kept.delete(existing.id);
    throw error;
  }
}

function unknownSink(session: Session, wanted: Wanted, error: OrgConnectionsError): OrgConnectionsError {
  return new OrgConnectionsError(
    "not-found",
    {
      happened:
        `Datadog does not let ${session.credentials.label} share with ${wanted.sinkOrgId}: no organization of the same ` +
        `account and site has this UUID.`,
      advice: "Check `sinkOrgId`; getOrganization({ name }) looks it up.",
      detail: `(${String(error.facts.call)}: 404)`,
    },
    { ...error.facts, property: "sinkOrgId" },
  );
}

function outcomeUnknown(session: Session, wanted: Wanted, lost: OrgConnectionsError): OrgConnectionsError {
  return new OrgConnectionsError(
    "outcome-unknown",
    {
      happened:
        `Whether ${session.credentials.label} now shares with ${wanted.sinkOrgId} is not known: the answer to the create ` +
        `was lost. ${lost.text}`,
      advice:
        "Run `pulumi up` again; if it says that the connection exists, and you made no such connection before, run it " +
        "once with DATADOG_ORG_CONNECTIONS_ADOPT=true.",
    },
    lost.facts,
  );
}
