import type { Connection } from "../client/parse.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../errors/org-connections-error.js";
import { proveCaller, requireConfiguredId } from "./identity.js";
import { normalise, sameSet } from "./inputs.js";
import { byPair, record } from "./records.js";
import type { Session } from "./session.js";
import type { Created, Wanted } from "./types.js";
import type { World } from "./world.js";

/**
 * Creates the connection. One that exists already is taken over when the program says `adopt`, its managed types
 * brought in line; otherwise it is an error that names it and the ways on.
 *
 * @throws `pair-exists`, `outcome-unknown`, and what the client throws
 */
export async function create(world: World, news: Wanted): Promise<Created> {
  const { wanted } = normalise({ ...news });
  const session = world.session(wanted.source);
  const before = session.moment();
  await requireConfiguredId(session, `Creating the connection to ${wanted.sinkOrgId}`);
  try {
    const live = await session.write((client) => client.create(wanted.sinkOrgId, wanted.connectionTypes));
    return await created(session, wanted, live);
  } catch (error) {
    if (isOrgConnectionsError(error, "conflict")) return await takeOver(world, session, wanted, before);
    if (isOrgConnectionsError(error, "not-found")) throw unknownSink(session, wanted, error);
    if (isOrgConnectionsError(error, ...LOST)) throw lost(session, wanted, error);
    throw error;
  }
}

/** Failures after which nobody knows whether the connection was made. */
const LOST = [
  "connection-failed",
  "timed-out",
  "server-error",
  "unexpected-answer",
  "answer-too-large",
] as const;

async function created(session: Session, wanted: Wanted, live: Connection): Promise<Created> {
  // Relationships are optional in the answer (S); read and delete need the source, so it is looked up when missing.
  const sourceOrgId = live.source?.id ?? (await proveCaller(session));
  return {
    connectionId: live.id,
    recorded: record(wanted, live, sourceOrgId === undefined ? {} : { sourceOrgId }),
  };
}

async function takeOver(world: World, session: Session, wanted: Wanted, before: number): Promise<Created> {
  const existing = await existingConnection(session, wanted, before);
  if (!existing || wanted.adopt !== true) throw pairExists(session, wanted, existing);
  const types = wanted.connectionTypes;
  const live =
    types && !sameSet(types, existing.connectionTypes)
      ? {
          ...existing,
          connectionTypes: (await session.write((client) => client.update(existing.id, types)))
            .connectionTypes,
        }
      : existing;
  world.kept.set(existing.id, "this operation took it over for another resource");
  return created(session, wanted, live);
}

async function existingConnection(
  session: Session,
  wanted: Wanted,
  before: number,
): Promise<Connection | undefined> {
  const listing = await session.listingSince(before);
  const caller = await proveCaller(session);
  if (caller !== undefined) return byPair(listing, caller, wanted.sinkOrgId);
  const candidates = listing.connections.filter(({ sink }) => sink?.id === wanted.sinkOrgId);
  return candidates.length === 1 ? candidates[0] : undefined;
}

function pairExists(session: Session, wanted: Wanted, existing: Connection | undefined): OrgConnectionsError {
  const found = existing
    ? `connection ${existing.id} (${existing.connectionTypes.join(", ")})`
    : "a connection that these keys cannot tell apart";
  const sink = existing?.sink?.name ?? wanted.sinkOrgId;
  return new OrgConnectionsError(
    "pair-exists",
    `${capital(session.credentials.label)} already shares with ${sink}: ${found}. Nothing was changed. ` +
      `If the resource was renamed, give it \`aliases\` with its old name. ` +
      `If it is being replaced on purpose (--replace, taint), set \`deleteBeforeReplace: true\` for this run. ` +
      `If this connection is meant, take it over with \`adopt: true\`.`,
    { status: 409 },
  );
}

function unknownSink(session: Session, wanted: Wanted, error: OrgConnectionsError): OrgConnectionsError {
  return new OrgConnectionsError(
    "not-found",
    `Datadog does not let ${session.credentials.label} share with ${wanted.sinkOrgId}: no organization of the same ` +
      `account and site has this UUID. Check \`sinkOrgId\`; getOrganization({ name }) looks it up. (${String(error.facts.call)}: 404)`,
    { ...error.facts, property: "sinkOrgId" },
  );
}

function lost(session: Session, wanted: Wanted, error: OrgConnectionsError): OrgConnectionsError {
  return new OrgConnectionsError(
    "outcome-unknown",
    `Whether ${session.credentials.label} now shares with ${wanted.sinkOrgId} is not known: the answer to the create ` +
      `was lost. ${error.text} Run \`pulumi up\` again; if it says that the connection exists, and you made no ` +
      `such connection before, add \`adopt: true\`.`,
    error.facts,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
