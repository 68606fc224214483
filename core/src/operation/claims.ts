import { formatOrganizationLabel } from "../credentials/resolve.js";
import type { OperationContext } from "./operation-context.js";

/**
 * Records that a resource of this operation manages or declares a connection. An exclusive set then does not treat the connection
 * as undeclared, even if the set uses another name for the same organization.
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
