import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/setting-names.js";
import { createOperationContext } from "../../../core/src/operation/operation-context.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { create, type CreateResult, type Inputs, type OperationContext } from "../../../core/src/index.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";

export { catchError } from "../api/harness.js";

export { useSandbox };

export const UNKNOWN_ID = "99999999-9999-4999-8999-999999999999";
export const CONNECTION = "40bbb1c2-0000-4000-8000-000000000001";

/** One organization in the stack's configuration. */
type Entry = { apiKey?: string; appKey?: string; url?: string; id?: string };

/** How an operation differs from one with valid credentials for every organization, all in the stack's configuration. */
interface OperationOptions {
  /** By name: replaces or adds to the organizations of the sandbox. */
  organizations?: Record<string, Entry | undefined>;
  env?: Record<string, string>;
  /** Whether the other organizations are configured too, and their failures are reported. */
  reportsOthers?: boolean;
  checks?: "online" | "offline";
  now?: () => number;
}

/** The context of one engine operation, with its warnings. */
export interface Operation extends OperationContext {
  readonly warnings: string[];
}

/** Creates an engine operation, as in a new provider process. The names of organizations are the sandbox's keys. */
export function createOperation(sandbox: Sandbox, given: OperationOptions = {}): Operation {
  const organizations = {
    ...Object.fromEntries(sandbox.organizations.map(({ key }) => [key, createEntry(sandbox, key)])),
    ...given.organizations,
  };
  const config: Record<string, string> = {
    [ORGANIZATIONS_KEY]: JSON.stringify(organizations),
    [`${NAMESPACE}:url`]: sandbox.url,
    ...(given.checks && { [`${NAMESPACE}:checks`]: given.checks }),
  };
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const settings = { config: (key: string) => config[key], env: given.env ?? {} };
  const getSettings = () => settings;
  const context = createOperationContext({
    getSettings,
    sessions: new Sessions(getSettings, warn, { ...(given.now && { now: given.now }) }),
    warn,
    receivesResourceOptions: true,
  });
  return {
    ...context,
    ...(given.reportsOthers !== true && { listConfiguredOrganizations: () => [] }),
    warnings,
  };
}

/** Creates the configuration of an organization in the sandbox, for any name. */
export function createEntry(sandbox: Sandbox, key: string, more: Entry = {}): Entry {
  const { apiKey, appKey } = sandbox.getOrganization(key);
  return { apiKey, appKey, url: sandbox.url, ...more };
}

/** Creates a connection as an earlier `up` did. Its requests are not recorded. */
export async function createDeclared(
  sandbox: Sandbox,
  source: string,
  sink: string,
  more: Partial<Inputs> = { connectionTypes: ["logs"] },
): Promise<CreateResult> {
  const created = await create(createOperation(sandbox), {
    source,
    sinkOrgId: sandbox.getOrganization(sink).id,
    ...more,
  });
  sandbox.clearRequests();
  return created;
}

/** Lists the names of the calls so far. */
export function listCalls(sandbox: Sandbox): (string | undefined)[] {
  return sandbox.requests.map(({ route }) => route);
}

/** Counts the requests of this call. */
export function countCalls(sandbox: Sandbox, route: string): number {
  return listCalls(sandbox).filter((name) => name === route).length;
}

/** Counts the requests that are writes. */
export function countWrites(sandbox: Sandbox): number {
  return sandbox.requests.filter(({ method }) => method !== "GET").length;
}
