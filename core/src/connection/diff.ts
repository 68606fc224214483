import { formatOrganizationLabel } from "../credentials/resolve.js";
import { GRANT_PERMISSION } from "../api/authentication.js";
import { LIST_ORGANIZATIONS_PERMISSIONS } from "../api/explain-refusal.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { findOrganizationId, requireAllowedCaller } from "../operation/prove-caller.js";
import { markReplacements, type ChangeDetail, hasChangedInputs, listInputChanges } from "./field.js";
import { FIELDS } from "./fields.js";
import { formatConnection } from "./format-connection.js";
import { hasSameTypes } from "./inputs.js";
import { refuseChangedSource, refuseOtherOrganization } from "./preview-checks.js";
import { UNKNOWN, type State, type Inputs } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/** The change that brings the state in line with the inputs. */
export type DiffResult =
  { change: "none" } | { change: "update" } | { change: "replace"; replaces: string[] };

/**
 * Compares the state with the checked inputs. A connection is replaced in these cases:
 *
 * - Its destination changes.
 * - Its source organization changes, because of a new `source` or a move to another provider.
 * - This operation has deleted the connection.
 *
 * A new `source` of the same organization is an update. Other credentials for the same `source`, a new site, other environment
 * variables or a new package version cause no difference.
 *
 * @throws `wrong-organization` if a change of types, a replacement or a new connection of this `source` would use the credentials of
 *   another organization, although `source` and the provider are unchanged. The change of types would fail. The replacement and the
 *   new connection would share the data of the wrong organization
 * @throws `organization-unproven` if it is unknown whether a new `source` is the organization in the state. A replacement is never
 *   guessed
 * @throws the other errors of {@link findOrganizationId}
 */
export async function diff(
  context: OperationContext,
  connectionId: string,
  olds: State,
  inputs: Inputs,
): Promise<DiffResult> {
  const replaces = [];
  // This operation may have deleted the connection for another resource with the same connection in its state. Then this resource
  // must create it again. The result must name an input as the cause of the replacement, so it names `sinkOrgId`.
  if (inputs.sinkOrgId !== olds.sinkOrgId || context.ledger.isDeleted(connectionId))
    replaces.push("sinkOrgId");
  if (await hasChangedOrganization(context, olds, inputs.source)) {
    replaces.push("source");
    context.ledger.recordMove(olds, inputs.source, [inputs.sinkOrgId]);
  } else if (replaces.length > 0) {
    await refuseReplacementByOtherOrganization(context, connectionId, olds, inputs);
  }
  if (replaces.length > 0) return { change: "replace", replaces };
  if (context.ledger.isDeclared(inputs.source, inputs.sinkOrgId)) {
    context.ledger.retain(connectionId, inputs.source, "another resource");
    const { sourceOrgId } = olds;
    if (sourceOrgId !== undefined) await refuseChangedSource(context, inputs.source, { sourceOrgId });
    await refuseChangeByOtherOrganization(context, connectionId, olds, inputs);
  }
  return hasChangedInputs(FIELDS, olds, inputs) ? { change: "update" } : { change: "none" };
}

/**
 * Refuses a change of types with the credentials of another organization, so that the preview fails instead of the update. Once the
 * changes have started, only the update refuses the change.
 */
async function refuseChangeByOtherOrganization(
  context: OperationContext,
  connectionId: string,
  olds: State,
  { source, connectionTypes: types }: Inputs,
): Promise<void> {
  const { sourceOrgId } = olds;
  const isChanged = types && !types.includes(UNKNOWN) && !hasSameTypes(types, olds.connectionTypes);
  if (isChanged !== true || sourceOrgId === undefined || context.ledger.hasStartedChanges) return;
  const purpose = `Changing the types of ${formatConnection(connectionId, olds)}`;
  await refuseOtherOrganization(context, source, (session) =>
    requireAllowedCaller(session, [sourceOrgId], purpose),
  );
}

/**
 * Refuses a replacement with the credentials of another organization, whose data the new connection would share. The create does
 * not get the state and cannot refuse. So this function also refuses after the changes have started.
 */
async function refuseReplacementByOtherOrganization(
  context: OperationContext,
  connectionId: string,
  olds: State,
  { source, sinkOrgId }: Inputs,
): Promise<void> {
  const isDeclared = context.ledger.isDeclared(source, sinkOrgId);
  const { sourceOrgId } = olds;
  if (!isDeclared || sourceOrgId === undefined) return;
  const purpose = `Replacing ${formatConnection(connectionId, olds)}`;
  await refuseOtherOrganization(context, source, (session) =>
    requireAllowedCaller(session, [sourceOrgId], purpose),
  );
}

/**
 * Whether the source organization of a resource differs from the organization in its state. The cause is a new `source`, or a move
 * to a provider of another organization. Without proof, an unchanged `source` counts as the same organization, because
 * `providerMove` does not show which resources have moved.
 *
 * @throws `organization-unproven` if it is unknown whether a new `source` is the organization in the state
 * @throws the errors of {@link findOrganizationId}
 */
export async function hasChangedOrganization(
  context: OperationContext,
  olds: Pick<State, "source" | "sourceOrgId">,
  source: string | undefined,
): Promise<boolean> {
  if (source !== olds.source) return isOtherOrganization(context, olds, source);
  if (context.ledger.providerMove === "none" || olds.sourceOrgId === undefined) return false;
  try {
    return await isOtherOrganization(context, olds, source);
  } catch (error) {
    if (isOrgConnectionsError(error, "organization-unproven")) return false;
    const isMissing = isOrgConnectionsError(error, "credentials-missing", "unknown-source");
    if (isMissing && context.ledger.providerMove === "possible") return false;
    throw error;
  }
}

/**
 * Whether `source` refers to another organization than the one in the state. False if the preview does not know `source` yet.
 *
 * @throws `organization-unproven` if the state does not contain the organization, or if nothing proves the organization of `source`
 * @throws the errors of {@link findOrganizationId}
 */
async function isOtherOrganization(
  context: OperationContext,
  olds: Pick<State, "sourceOrgId">,
  source: string | undefined,
): Promise<boolean> {
  if (source === UNKNOWN) return false;
  const organizationId = await findOrganizationId(context, source);
  if (organizationId !== undefined && olds.sourceOrgId !== undefined)
    return organizationId !== olds.sourceOrgId;
  const current = `\`source\` is now ${formatOrganizationLabel(source)}`;
  throw new OrgConnectionsError(
    "organization-unproven",
    olds.sourceOrgId === undefined
      ? {
          happened: `${current}, but it is unknown whether this is the same organization as before: the state does not contain the ID of the previous organization.`,
          advice:
            "Set the credentials of the previous `source`, and run `pulumi refresh` to save the ID in the state. Then run the command again.",
        }
      : {
          happened: `${current}, but nothing proves that this is still organization ${olds.sourceOrgId}.`,
          advice:
            "Configure the `id` of the new `source`. Or allow GET /api/v2/org, which needs the permission " +
            `${LIST_ORGANIZATIONS_PERMISSIONS}. ${GRANT_PERMISSION}`,
        },
    { property: "source" },
  );
}

/**
 * Compares the checked inputs with a state that another provider wrote. An alias in the program moves this state to this resource.
 * The result is never "none", because the state must be rewritten. A refresh cannot use the state of another provider.
 *
 * The old state does not show which credentials of this provider belong to the source organization. A state of `@pulumi/datadog`
 * has no `source`. In a state of the plugin, `source` may refer to other credentials. So once the `source` of the inputs is known,
 * it must be proven to be the organization in the state. For another organization, this function throws, because a replacement
 * would delete the connection that the alias is meant to keep.
 *
 * @throws `wrong-organization` if `source` is another organization
 * @throws `organization-unproven` if it is unknown whether `source` is another organization
 * @throws the other errors of {@link diff}
 */
export async function diffMoved(
  context: OperationContext,
  connectionId: string,
  olds: State,
  inputs: Inputs,
): Promise<DiffResult> {
  if (await isOtherOrganization(context, olds, inputs.source))
    throw createOtherOrganizationError(connectionId, olds, inputs.source);
  const difference = await diff(context, connectionId, { ...olds, source: inputs.source }, inputs);
  return difference.change === "none" ? { change: "update" } : difference;
}

function createOtherOrganizationError(
  connectionId: string,
  olds: State,
  source: string | undefined,
): OrgConnectionsError {
  return new OrgConnectionsError(
    "wrong-organization",
    {
      happened:
        `The ${formatConnection(connectionId, olds)} cannot move to this resource: ` +
        `${formatOrganizationLabel(source)} is not organization ${String(olds.sourceOrgId)}, the source of the connection. Nothing was changed.`,
      advice: "Set `source` to the organization that shares the data.",
    },
    { property: "source" },
  );
}

/**
 * Lists the changes that explain the result of `diff`. If the result is no change, the list is empty, even if the inputs differ
 * from the state. Pure.
 */
export function explainDiff(olds: State, inputs: Inputs, result: DiffResult): ChangeDetail[] {
  if (result.change === "none") return [];
  const details = listInputChanges(FIELDS, olds, inputs, { isReplaced: result.change === "replace" });
  return markReplacements(details, result.change === "replace" ? result.replaces : []);
}
