import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import {
  isOrgConnectionsError,
  OrgConnectionsError,
} from "datadog-org-connections-core/api/org-connections-error.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import {
  parseFunctionArguments,
  chooseOrganization,
  listMatchingConnections,
  requireNameOrId,
} from "datadog-org-connections-core/functions/functions.js";
import { getFunctionToken } from "datadog-org-connections-core/host/type-tokens.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";

/** The result of a function, or the problems of its arguments. */
export type FunctionResult = { value: object } | { failures: readonly CheckFailure[] };

/** A call of a function. */
interface FunctionCall {
  /** Such as `datadog-org-connections:index:getOrganization`. */
  token: string;
  /** The arguments, not parsed yet. The engine calls no function with an argument that a preview does not know. */
  args: Properties;
  preview: boolean;
}

type RunFunction = (context: PluginContext, call: FunctionCall) => Promise<object>;

/** Each returns the object of its outputs in the schema, because no function of Pulumi returns a list. */
const functions: ReadonlyMap<string, RunFunction> = new Map<string, RunFunction>([
  [getFunctionToken("getOrganization"), getOrganization],
  [getFunctionToken("getOrganizations"), getOrganizations],
  [getFunctionToken("getOrgConnections"), getConnections],
]);

/** Calls a function. @throws `invalid-input` for an unknown function, and the errors of requests */
export async function callFunction(context: PluginContext, call: FunctionCall): Promise<FunctionResult> {
  const run = functions.get(call.token);
  if (!run) throw new OrgConnectionsError("invalid-input", `there is no function ${encodeText(call.token)}.`);
  try {
    return { value: await run(context, call) };
  } catch (error) {
    if (!isOrgConnectionsError(error, "invalid-input") || error.facts.property === undefined) throw error;
    return { failures: [{ property: error.facts.property, reason: error.message }] };
  }
}

async function getOrganization(context: PluginContext, { args }: FunctionCall): Promise<object> {
  const parsed = parseFunctionArguments("getOrganization", args);
  requireNameOrId(parsed);
  const { organizations } = await context.getSession(parsed.source).getOrganizations();
  return chooseOrganization(organizations, parsed);
}

async function getOrganizations(context: PluginContext, { args }: FunctionCall): Promise<object> {
  const { source } = parseFunctionArguments("getOrganizations", args);
  const { organizations } = await context.getSession(source).getOrganizations();
  return { organizations };
}

/**
 * In a preview, nothing is written, so functions and preview checks share one list. An update needs a new one for each call: the
 * program may have created a connection from another organization to this one, perhaps with another provider, whose process this one
 * does not see. Concurrent calls share a request. A create does not rely on this list, which may be old by then.
 */
async function getConnections(context: PluginContext, { args, preview }: FunctionCall): Promise<object> {
  const parsed = parseFunctionArguments("getOrgConnections", args);
  const session = context.getSession(parsed.source);
  const listing = preview ? session.getBaselineListing() : session.getNextListing({ provesAbsence: false });
  const { connections } = await listing;
  return { connections: listMatchingConnections(connections, parsed) };
}
