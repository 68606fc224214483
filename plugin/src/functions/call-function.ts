import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";

/** The result of a function, or the problems of its arguments. */
export type FunctionResult = { value: object } | { failures: readonly CheckFailure[] };

/** Calls a function by its token, such as `datadog-org-connections:index:getOrganization`. */
export function callFunction(
  ...[, token]: [context: PluginContext, token: string, args: Properties]
): Promise<FunctionResult> {
  throw new OrgConnectionsError("invalid-input", `there is no function ${token}.`);
}
