import { formatOrganizationLabel } from "../credentials/resolve.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { diff, isSourceOtherOrganization, type DiffResult } from "./diff.js";
import { formatConnection } from "./format-connection.js";
import type { Inputs, State } from "./types.js";

/**
 * Compares the checked inputs with a state that another provider wrote. An alias of that provider's resource moves the
 * connection to this resource. The result is never "none": only an update stores a state that a refresh can use.
 *
 * Nothing in such a state shows which credentials of this provider belong to its organization: a state of `@pulumi/datadog` has no
 * `source`, and for the `source` in a state of the plugin, the plugin may have other credentials than this provider. So the `source`
 * of the inputs must be proven to be the organization in the state. If it is another one, this throws: a replacement would delete the
 * connection that the alias is meant to keep.
 *
 * @throws `wrong-organization` if `source` is another organization, `organization-unproven` if that is unknown
 */
export async function diffMoved(
  context: OperationContext,
  connectionId: string,
  olds: State,
  inputs: Inputs,
): Promise<DiffResult> {
  if (await isSourceOtherOrganization(context, olds, inputs.source))
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
        `${formatOrganizationLabel(source)} is not organization ${String(olds.sourceOrgId)}, the source of this connection. Nothing was changed.`,
      advice: "Set `source` to the organization that shares the data.",
    },
    { property: "source" },
  );
}
