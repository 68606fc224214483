import { formatCount } from "../api/format-count.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import { toCertainFailure } from "./certain-failures.js";
import { formatExisting, findExisting, isAdopting, createPairExistsError } from "./existing.js";
import { loadPreviewSnapshot, type PreviewSnapshot } from "../operation/preview-snapshot.js";
import { proveCaller } from "../operation/prove-caller.js";
import { hasSameTypes } from "./inputs.js";
import { findOtherFailures } from "./other-failures.js";
import { formatNotice } from "./notices.js";
import { formatNameAndId } from "./format-connection.js";
import type { Session } from "../operation/session.js";
import { UNKNOWN, type CheckFailure, type Inputs } from "./types.js";
import type { UnconfiguredSource } from "./unconfigured-sources.js";
import { formatPairKey, type OperationContext } from "../operation/operation-context.js";

/**
 * Runs the preview checks of a new or changed resource. A problem that would certainly fail the update is a failure; an
 * uncertain result is not reported. All resources with the same source share one list of connections and one list of
 * organizations. Read-only credentials are sufficient.
 *
 * @param options - `isUpdate`: whether the resource already has a connection to this destination. It is also true if `source` is another
 *   organization now (then diff replaces the connection or fails), and for a new destination of an existing set (then diff reports an
 *   existing connection); `mayBeDeletedFirst`: whether an existing connection of the pair is no failure, because it may be deleted before
 *   the create; `needsProvenCaller`: whether the change fails if nothing proves the organization of the credentials, unlike the create
 *   of a single connection (default: `isUpdate`); `unconfigured`: the sources of the program without credentials, as far as they are
 *   known
 */
export async function runPreviewChecks(
  context: OperationContext,
  inputs: Inputs,
  {
    isUpdate = false,
    mayBeDeletedFirst,
    needsProvenCaller = isUpdate,
    unconfigured,
  }: {
    isUpdate?: boolean;
    mayBeDeletedFirst: boolean;
    needsProvenCaller?: boolean;
    unconfigured: readonly UnconfiguredSource[];
  },
): Promise<CheckFailure[]> {
  if (inputs.source === UNKNOWN) return [];
  let session: Session;
  let snapshot: PreviewSnapshot;
  try {
    session = context.getSession(inputs.source);
    snapshot = await loadPreviewSnapshot(session);
    if (needsProvenCaller && snapshot.callerFailure) throw snapshot.callerFailure;
  } catch (error) {
    const failure = toCertainFailure(error);
    if (!failure) return [];
    const others = await findOtherFailures(context, inputs.source, unconfigured);
    return [{ property: "source", reason: failure.message }, ...others];
  }
  if (inputs.sinkOrgId === UNKNOWN || snapshot.callerFailure) return [];
  try {
    await refuseOwnOrganization(session, inputs);
    if (!isUpdate && !mayBeDeletedFirst) await reportAdoption(context, session, inputs);
    // An existing connection can be changed or adopted, even if its destination is disabled or no longer exists.
    const mayUseExisting = isUpdate || isAdopting(context, inputs);
    if (mayUseExisting && (await findLive(session, inputs)) !== undefined) return [];
    refuseUnknownOrDisabledSink(snapshot, session, inputs);
    return [];
  } catch (error) {
    const failure = toCertainFailure(error);
    return failure ? [{ property: "sinkOrgId", reason: failure.message }] : [];
  }
}

async function refuseOwnOrganization(session: Session, { sinkOrgId }: Inputs): Promise<void> {
  if ((await proveCaller(session)) !== sinkOrgId) return;
  throw new OrgConnectionsError(
    "invalid-input",
    `the source (${session.credentials.label}) and the destination are the same organization.`,
  );
}

/**
 * Refuses a destination that is not in the account, or is disabled. A response with only the caller
 * itself proves nothing about other organizations.
 */
function refuseUnknownOrDisabledSink(
  { organizations: listed }: PreviewSnapshot,
  session: Session,
  { sinkOrgId }: Inputs,
): void {
  if (!listed || listed.organizations.length < 2) return;
  const sink = listed.organizations.find(({ id }) => id === sinkOrgId);
  if (sink && !sink.disabled) return;
  throw new OrgConnectionsError(
    "not-found",
    sink
      ? `organization ${sink.name} is disabled, so it cannot have connections.`
      : `this UUID is not one of the ${formatCount(listed.organizations.length, "organization")} in the account of ${session.credentials.label}. ` +
          `Use the function getOrganization to find the UUID.`,
  );
}

function describeTypeChange(declared: readonly string[] | undefined, live: readonly string[]): string {
  if (declared?.includes(UNKNOWN)) return "change its types to those of the program, which are not known yet";
  return declared && !hasSameTypes(declared, live)
    ? `change its types to ${declared.join(", ")}`
    : "leave its types as they are";
}

/** Finds the connection of the pair that existed at the start of this operation, unless this operation has deleted it. */
const findLive = async (session: Session, inputs: Inputs): Promise<Connection | undefined> =>
  findExisting(session, await session.getBaselineListing(), inputs);

/**
 * Reports with a warning that the create will adopt a connection whose pair is not in `ownPairs`.
 *
 * @throws `pair-exists` if such a connection exists and is not adopted
 */
async function reportAdoption(context: OperationContext, session: Session, inputs: Inputs): Promise<void> {
  // The check adds the resource's own pair only after these preview checks. If `ownPairs` has it already, an earlier check of
  // this resource has added it, or the connection may belong to another resource that declares it or is being replaced, or to a set
  // that no longer declares it.
  if (context.ownPairs.has(formatPairKey(inputs.source, inputs.sinkOrgId))) return;
  const existing = await findLive(session, inputs);
  if (existing) reportExisting(context, session, inputs, existing);
}

/**
 * Reports with a warning that the create will adopt this connection.
 *
 * @throws `pair-exists` if it will not adopt it
 */
export function reportExisting(
  context: OperationContext,
  session: Session,
  inputs: Inputs,
  existing: Connection,
): void {
  if (!isAdopting(context, inputs)) throw createPairExistsError(context, session, inputs, existing);
  context.adoptions.set(formatPairKey(inputs.source, inputs.sinkOrgId), existing);
  const sink = formatNameAndId(existing.sink?.name, inputs.sinkOrgId);
  const sentence =
    `From ${formatNameAndId(session.credentials.label, existing.source?.id)} to ${sink}: will adopt ` +
    `${formatExisting(existing)}, and ${describeTypeChange(inputs.connectionTypes, existing.connectionTypes)}.`;
  context.warn(
    formatNotice(sentence, {
      kind: "adoption",
      connectionId: existing.id,
      sourceOrgId: existing.source?.id,
      sinkOrgId: inputs.sinkOrgId,
      connectionTypes: existing.connectionTypes,
    }),
  );
}
