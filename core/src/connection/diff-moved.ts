import { formatOrganizationLabel } from "../credentials/resolve.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { diff, isOtherOrganization, type DiffResult } from "./diff.js";
import { formatConnection } from "./format-connection.js";
import type { Inputs, State } from "./types.js";

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
