import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { describeExisting, existingIn, isAdopting, pairExists } from "./existing.js";
import { groundOf, type Ground } from "../operation/grounds.js";
import { proveCaller } from "../operation/identity.js";
import { sameSet } from "./inputs.js";
import { formatNotice } from "./notices.js";
import { withId } from "./records.js";
import type { Session } from "../operation/session.js";
import { UNKNOWN, type Failure, type Wanted } from "./types.js";
import { pairKey, type World } from "../operation/world.js";

/**
 * The looks that a preview takes for a new or changed resource: whatever the apply would surely hit is a failure
 * already, and what is not certain is silence. One listing and one look-up of organizations per organization, shared by
 * all its resources; keys that may only read pass.
 *
 * @param mayExist - the pair may be there already: the resource holds it
 */
export async function look(
  world: World,
  wanted: Wanted,
  { mayExist }: { mayExist: boolean },
): Promise<Failure[]> {
  if (wanted.source === UNKNOWN) return [];
  let session: Session;
  let ground: Ground;
  try {
    session = world.session(wanted.source);
    ground = await groundOf(session);
  } catch (error) {
    return failure("source", error);
  }
  if (wanted.sinkOrgId === UNKNOWN) return [];
  try {
    await refuseOwnOrganization(session, wanted);
    // What is live already may be taken over, whatever became of its destination since.
    if (!mayExist && (await takesOver(world, session, wanted))) return [];
    refuseStranger(ground, session, wanted);
    return [];
  } catch (error) {
    return failure("sinkOrgId", error);
  }
}

/** Failures that a second run would not mend by itself. */
const CERTAIN = [
  "invalid-configuration",
  "keys-missing",
  "unknown-source",
  "unauthenticated",
  "forbidden",
  "name-not-resolved",
  "tls-failed",
  "redirected",
  "unexpected-answer",
  "answer-too-large",
  "wrong-organization",
  "invalid-input",
  "not-found",
  "pair-exists",
] as const;

function failure(property: string, error: unknown): Failure[] {
  if (!isOrgConnectionsError(error)) throw error;
  return isOrgConnectionsError(error, ...CERTAIN) ? [{ property, reason: error.message }] : [];
}

async function refuseOwnOrganization(session: Session, { sinkOrgId }: Wanted): Promise<void> {
  if ((await proveCaller(session)) !== sinkOrgId) return;
  throw new OrgConnectionsError(
    "invalid-input",
    `is ${session.credentials.label} itself: source and destination are the same organization.`,
  );
}

/** Only where the caller can list the account: an organization that sees but itself tells nothing about others. */
function refuseStranger({ organizations: seen }: Ground, session: Session, { sinkOrgId }: Wanted): void {
  if (!seen || seen.organizations.length < 2) return;
  const sink = seen.organizations.find(({ id }) => id === sinkOrgId);
  if (sink && !sink.disabled) return;
  throw new OrgConnectionsError(
    "not-found",
    sink
      ? `is ${sink.name}, which is disabled and can be no end of a connection.`
      : `is none of the ${seen.organizations.length} organizations of the account of ${session.credentials.label}. ` +
          `getOrganization({ name }) looks the UUID up.`,
  );
}

/** Whether the create will take a connection over, and says which one; without `adopt` one that exists is refused. */
async function takesOver(world: World, session: Session, wanted: Wanted): Promise<boolean> {
  // A resource of this program holds it: it is being replaced.
  if (world.held.has(pairKey(wanted.source, wanted.sinkOrgId))) return false;
  const existing = await existingIn(session, await session.baseline(), wanted);
  if (!existing) return false;
  if (!isAdopting(world, wanted)) throw pairExists(session, wanted, existing);
  const types = wanted.connectionTypes;
  const change =
    types && !sameSet(types, existing.connectionTypes)
      ? `, and change its types to ${types.join(", ")}`
      : ", and leave its types as they are";
  const sink = withId(existing.sink?.name, wanted.sinkOrgId);
  const sentence =
    `From ${withId(session.credentials.label, existing.source?.id)} to ${sink}: will take over ` +
    `${describeExisting(existing)}${change}.`;
  world.warn(
    formatNotice(sentence, {
      kind: "adoption",
      connectionId: existing.id,
      sourceOrgId: existing.source?.id,
      sinkOrgId: wanted.sinkOrgId,
      connectionTypes: existing.connectionTypes,
    }),
  );
  return true;
}
