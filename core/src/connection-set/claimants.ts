import { labelOf } from "../credentials/resolve.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { proveCaller } from "../operation/identity.js";
import type { World } from "../operation/world.js";

/** The organization of the set that asks. */
interface Asking {
  /** Its name in the program. */
  source?: string | undefined;
  /** Its UUID. */
  sourceOrgId: string;
}

/**
 * Why an exclusive set must not treat a connection as undeclared; nothing when no other resource of the stack holds it.
 * The program refuses such a resource beside the set where it can tell that both names lead to one organization; where it
 * cannot, this is the way to tell: by what the operation has seen other resources hold, and by what the program has said
 * that they declare.
 */
export async function claimantOf(
  world: World,
  { source, sourceOrgId }: Asking,
  sink: string,
  connectionId: string,
): Promise<string | undefined> {
  const claimant = world.claimedIds.get(connectionId.toLowerCase());
  if (claimant !== undefined) return `${claimant} holds it`;
  for (const other of world.otherPairs.get(source) ?? []) {
    if (other.sinks && !other.sinks.includes(sink)) continue;
    const name = other.source ?? undefined;
    const isOurs = other.source === undefined ? undefined : await leadsTo(world, name, sourceOrgId);
    if (isOurs === true) return `${other.resource}, of ${labelOf(name)}, declares it`;
    if (isOurs === undefined) {
      const who = other.source === undefined ? "the organization of that" : labelOf(name);
      return (
        `${other.resource} may declare it, since nothing proves that ${who} is another organization than ${sourceOrgId}. ` +
        `Configure the \`id\` of both`
      );
    }
  }
  return undefined;
}

/** Whether a name leads to an organization; nothing when that cannot be told. */
async function leadsTo(
  world: World,
  source: string | undefined,
  organizationId: string,
): Promise<boolean | undefined> {
  try {
    const session = world.session(source);
    const id = session.credentials.organizationId ?? (await proveCaller(session));
    return id === undefined ? undefined : id === organizationId;
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}
