import { formatOrganizationLabel } from "../credentials/resolve.js";
import type { OperationContext } from "./operation-context.js";

/**
 * Marks a connection as managed or declared by a resource of this operation, so that an exclusive set of the same organization
 * does not treat the connection as undeclared, even if the set uses another name for the organization.
 *
 * @param source - the `source` of the resource
 */
export function claimConnection(
  context: OperationContext,
  connectionId: string,
  source: string | undefined,
): void {
  context.claimants.set(connectionId.toLowerCase(), `a resource of ${formatOrganizationLabel(source)}`);
}
