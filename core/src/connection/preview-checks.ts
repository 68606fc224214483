import { formatCount } from "../text/phrases.js";
import { OrgConnectionsError, isOrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import { toCertainFailure } from "./failure-certainty.js";
import { formatExisting, findExisting, isAdopting, createPairExistsError } from "./existing.js";
import { loadPreviewSnapshot, type PreviewSnapshot } from "../operation/preview-snapshot.js";
import { proveCaller, requireAllowedCaller } from "../operation/prove-caller.js";
import { hasSameTypes } from "./inputs.js";
import { findOtherFailures, type UnconfiguredSource } from "./other-failures.js";
import { formatNotice, MAX_SOURCE_LENGTH } from "./notices.js";
import type { Session } from "../operation/session.js";
import { UNKNOWN, type CheckFailure, type Inputs } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

interface PreviewCheckOptions {
  /**
   * If true, an existing connection of the pair is not reported here, because it usually belongs to this resource. In two cases,
   * the connection may not belong to this resource:
   *
   * - `source` is now another organization. Then diff fails or replaces the resource. In a replacement, check runs again and
   *   reports the connection.
   * - The destination is new for an existing set. Then diff reports the connection.
   *
   * @default false
   */
  isUpdate?: boolean;
  /** Whether an existing connection of the pair may be deleted before the create. If so, the connection is not a failure. */
  mayBeDeletedFirst: boolean;
  /**
   * Whether the change needs proof of the organization of the credentials. The create of a single connection needs no proof.
   * @default the value of `isUpdate`
   */
  needsProvenCaller?: boolean;
  /** The sources of the program that have no credentials, as far as they are known. */
  unconfigured: readonly UnconfiguredSource[];
}

/**
 * Runs the preview checks of a new or changed resource. Returns only problems with which `pulumi up` would certainly fail. Warns if
 * the organization could not be checked. All resources with the same source share one list of connections and one list of organizations. Read-only credentials are sufficient.
 * Without the permission to list organizations, the checks cannot refuse a destination that is disabled or not in the account.
 */
export async function runPreviewChecks(
  context: OperationContext,
  inputs: Inputs,
  { isUpdate = false, mayBeDeletedFirst, needsProvenCaller = isUpdate, unconfigured }: PreviewCheckOptions,
): Promise<CheckFailure[]> {
  if (inputs.source === UNKNOWN) return [];
  let session: Session | undefined;
  let snapshot: PreviewSnapshot;
  try {
    session = context.getSession(inputs.source);
    snapshot = await loadPreviewSnapshot(session);
    if (needsProvenCaller && snapshot.callerFailure) throw snapshot.callerFailure;
    if (!isUpdate) await refuseChangedSource(context, inputs.source, { isNew: true });
  } catch (error) {
    const failure = toCertainFailure(error);
    if (!failure) {
      if (session) reportNotChecked(context, session, error);
      return [];
    }
    const others = await findOtherFailures(context, inputs.source, unconfigured);
    return [{ property: "source", reason: failure.message }, ...others];
  }
  if (snapshot.organizationsFailure) reportNotChecked(context, session, snapshot.organizationsFailure);
  // Without a known destination, or after a `callerFailure`, nothing else can be checked.
  if (inputs.sinkOrgId === UNKNOWN || snapshot.callerFailure) return [];
  try {
    await refuseOwnOrganization(session, inputs);
    if (!isUpdate && !mayBeDeletedFirst) await reportAdoption(context, session, inputs);
    // An existing connection can be changed or adopted, even if its destination is disabled or no longer exists.
    const mayUseExisting = isUpdate || isAdopting(context, inputs);
    if (mayUseExisting && (await findInBaseline(session, inputs)) !== undefined) return [];
    refuseUnknownOrDisabledSink(snapshot, session, inputs);
    return [];
  } catch (error) {
    const failure = toCertainFailure(error);
    if (failure) return [{ property: "sinkOrgId", reason: failure.message }];
    reportNotChecked(context, session, error);
    return [];
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
 * Refuses a destination that is not in the account, or is disabled. A list with only the caller proves nothing about other
 * organizations.
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
      ? `organization ${sink.name} is disabled, so no connection to it can be created.`
      : `this UUID does not belong to any of the ${formatCount(listed.organizations.length, "organization")} in the account of ${session.credentials.label}. ` +
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
const findInBaseline = async (session: Session, inputs: Inputs): Promise<Connection | undefined> =>
  findExisting(session, await session.getBaselineListing(), inputs);

/**
 * Reports with a warning that the create will adopt an existing connection, if that is still to be reported.
 *
 * @throws `pair-exists` if the connection must not be adopted
 */
async function reportAdoption(context: OperationContext, session: Session, inputs: Inputs): Promise<void> {
  if (!context.ledger.mustReportExisting(inputs.source, inputs.sinkOrgId)) return;
  const existing = await findInBaseline(session, inputs);
  if (existing) reportExisting(context, session, inputs, existing);
}

/**
 * Reports with a warning that the create or update will adopt this connection.
 *
 * @throws `pair-exists` if the connection must not be adopted
 */
export function reportExisting(
  context: OperationContext,
  session: Session,
  inputs: Inputs,
  existing: Connection,
): void {
  if (!isAdopting(context, inputs)) throw createPairExistsError(context, session, inputs, existing);
  context.ledger.expectAdoption(inputs.source, inputs.sinkOrgId, existing);
  const sentence =
    `From ${session.credentials.label} to ${existing.sink?.name ?? inputs.sinkOrgId}: will adopt ` +
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

/**
 * Refuses a change with the credentials of another organization, so that the preview fails. During `pulumi up`, an update would
 * refuse the change too. The create of a replacement would not refuse it, because a create does not get the state. Any other
 * `OrgConnectionsError` does not prove a mistake: ignores a missing proof, and reports the rest as not checked. Does nothing with
 * `checks: offline`. Reuses the responses to earlier preview checks with these credentials.
 *
 * @param requireOrganization - throws `wrong-organization` if the credentials belong to another organization
 * @throws `wrong-organization`
 */
export async function refuseOtherOrganization(
  context: OperationContext,
  source: string | undefined,
  requireOrganization: (session: Session) => Promise<void>,
): Promise<void> {
  if (context.getCheckMode() === "offline") return;
  let session: Session | undefined;
  try {
    session = context.getSession(source);
    await requireOrganization(session);
  } catch (error) {
    if (!isOrgConnectionsError(error) || error.code === "wrong-organization") throw error;
    if (session && error.code !== "organization-unproven") reportNotChecked(context, session, error);
  }
}

/** What the resources of one operation have shown about a `source` so far. */
interface SourceUse {
  /** Whether the program declares a new connection of it. */
  isNew?: true;
  /** Its organization, according to the state of a resource that stays. */
  sourceOrgId?: string;
}

const usesByContext = new WeakMap<OperationContext, Map<string | undefined, SourceUse>>();

/**
 * Refuses a new connection of a `source` that was one organization in the state of another resource, and is another organization now,
 * for example because the environment has other keys. The report of a review would name the organization in the state. The engine shows
 * resources in any order, so this function is called for both: the new connection, and each resource that stays.
 *
 * @throws `wrong-organization`
 */
export async function refuseChangedSource(
  context: OperationContext,
  source: string | undefined,
  use: SourceUse,
): Promise<void> {
  const uses = usesByContext.get(context) ?? new Map<string | undefined, SourceUse>();
  usesByContext.set(context, uses);
  const known = { ...uses.get(source), ...use };
  uses.set(source, known);
  const { isNew, sourceOrgId } = known;
  if (!isNew || sourceOrgId === undefined) return;
  const advice =
    `Other connections of this source are from ${sourceOrgId}, according to the state. Set the credentials of that organization, ` +
    "or declare the new connection with another `source` or provider.";
  await refuseOtherOrganization(context, source, (session) =>
    requireAllowedCaller(session, [sourceOrgId], "Creating a connection", () => advice),
  );
}

/** The sessions whose organizations have been reported. A session ends with its operation. */
const reported = new WeakSet<Session>();

/**
 * Warns once per organization and operation that its connections could not be checked. Without this warning, the preview of an
 * outage looks like one in which all checks have passed.
 *
 * @param error - why a preview check was not possible, although the change may succeed
 * @throws the error itself if it is not an `OrgConnectionsError`, because then it is a defect of this package
 */
function reportNotChecked(context: OperationContext, session: Session, error: unknown): void {
  if (!isOrgConnectionsError(error)) throw error;
  if (reported.has(session)) return;
  reported.add(session);
  const { label, source, organizationId } = session.credentials;
  const { happened, advice = "Run the command again.", code } = error;
  context.warn(
    formatNotice(`not checked: the connections of ${label}. ${happened} ${advice} [${code}]`, {
      kind: "not-checked",
      source: source?.slice(0, MAX_SOURCE_LENGTH),
      sourceOrgId: organizationId,
      code,
    }),
  );
}
