import { labelOf } from "../credentials/resolve.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { claim } from "../operation/claims.js";
import { proveCaller } from "../operation/identity.js";
import { sameSet } from "./inputs.js";
import { UNKNOWN, type Recorded, type Wanted } from "./types.js";
import { pairKey, type World } from "../operation/world.js";

/** What has to happen to make the state what the program asks for. */
export type Difference = { change: "none" } | { change: "update" } | { change: "replace"; because: string[] };

/**
 * Compares the state with the checked inputs. Only a new destination, or a `source` that leads to another
 * organization, replaces a connection; keys, site, environment and package version never change anything.
 *
 * @throws `organization-unproven` when a new `source` cannot be told from the old one: a replacement is never guessed
 */
export async function diff(
  world: World,
  connectionId: string,
  olds: Recorded,
  wanted: Wanted,
): Promise<Difference> {
  const because = [];
  // One that this operation has ended for another resource, which held it too, has to be made again.
  if (wanted.sinkOrgId !== olds.sinkOrgId || world.ended.has(connectionId)) because.push("sinkOrgId");
  if (wanted.source !== olds.source && (await leadsElsewhere(world, olds, wanted.source)))
    because.push("source");
  if (because.length > 0) return { change: "replace", because };
  if (world.held.has(pairKey(wanted.source, wanted.sinkOrgId))) {
    world.kept.set(connectionId, "another resource of this program holds it");
    claim(world, connectionId, wanted.source);
  }
  return isChanged(olds, wanted) ? { change: "update" } : { change: "none" };
}

function isChanged(olds: Recorded, wanted: Wanted): boolean {
  // Types left out are unmanaged: neither drift in them nor removing the input is a change. Naming them again is one.
  const types = wanted.connectionTypes;
  if (types && (!sameSet(types, olds.connectionTypes) || olds.unmanagedTypes === true)) return true;
  return wanted.source !== olds.source || wanted.adopt !== olds.adopt || wanted.reason !== olds.reason;
}

export async function leadsElsewhere(
  world: World,
  olds: Pick<Recorded, "sourceOrgId">,
  source: string | undefined,
): Promise<boolean> {
  if (source === UNKNOWN) return false;
  const session = world.session(source);
  const target = session.credentials.organizationId ?? (await proveCaller(session));
  if (target !== undefined && olds.sourceOrgId !== undefined) return target !== olds.sourceOrgId;
  throw new OrgConnectionsError(
    "organization-unproven",
    {
      happened:
        `\`source\` changed to ${labelOf(source)}, and nothing tells whether that is still organization ` +
        `${olds.sourceOrgId ?? "(not recorded)"}.`,
      advice:
        "Configure its `id`, or give its application key's owner `org_connections_write`, so that GET /api/v2/org can tell.",
    },
    { property: "source" },
  );
}
