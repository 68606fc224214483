import { formatOrganizationLabel } from "../credentials/resolve.js";
import type { OperationContext } from "./operation-context.js";

/**
 * Marks a connection as managed or declared by a resource of this operation, so that an exclusive set of the same organization
 * does not treat it as undeclared, even if its `source` is another name.
 */
export function claimConnection(
  context: OperationContext,
  connectionId: string,
  source: string | undefined,
): void {
  context.claimants.set(connectionId.toLowerCase(), `a resource of ${formatOrganizationLabel(source)}`);
}
