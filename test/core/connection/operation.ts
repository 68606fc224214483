import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/settings.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { create, type Created, type Wanted, type World } from "../../../core/src/index.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";

export { failureOf } from "../api/harness.js";

export { useSandbox };

export const NOBODY = "99999999-9999-4999-8999-999999999999";
export const CONNECTION = "40bbb1c2-0000-4000-8000-000000000001";

/** What the stack's configuration says of one organization. */
type Entry = { apiKey?: string; appKey?: string; url?: string; id?: string };

/** How an operation differs from one with right keys for every organization, all in the stack's configuration. */
interface Given {
  /** By name: instead of, or besides, the organizations of the sandbox. */
  organizations?: Record<string, Entry | undefined>;
  env?: Record<string, string>;
  checks?: "online" | "offline";
  now?: () => number;
}

/** The world of one engine operation, with what it was told. */
export interface Operation extends World {
  readonly warnings: string[];
}

/** A new engine operation, as a new provider process begins it. The names are the sandbox's keys. */
export function operation(sandbox: Sandbox, given: Given = {}): Operation {
  const organizations = {
    ...Object.fromEntries(sandbox.organizations.map(({ key }) => [key, entryOf(sandbox, key)])),
    ...given.organizations,
  };
  const config: Record<string, string> = {
    [ORGANIZATIONS_KEY]: JSON.stringify(organizations),
    [`${NAMESPACE}:url`]: sandbox.url,
  };
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const settings = { config: (key: string) => config[key], env: given.env ?? {} };
  const sessions = new Sessions(() => settings, warn, { ...(given.now && { now: given.now }) });
  return {
    kept: new Map(),
    ended: new Set(),
    held: new Set(),
    claimedIds: new Map(),
    otherPairs: new Map(),
    adoptAll: () => false,
    session: (source) => sessions.for(source),
    warn,
    checks: () => given.checks ?? "online",
    warnings,
  };
}

/** The configuration that leads to an organization of the sandbox, under whatever name. */
export function entryOf(sandbox: Sandbox, key: string, more: Entry = {}): Entry {
  const { apiKey, appKey } = sandbox.organization(key);
  return { apiKey, appKey, url: sandbox.url, ...more };
}

/** An earlier `up` that created this connection. Its requests are forgotten. */
export async function declared(
  sandbox: Sandbox,
  source: string,
  sink: string,
  more: Partial<Wanted> = { connectionTypes: ["logs"] },
): Promise<Created> {
  const made = await create(operation(sandbox), {
    source,
    sinkOrgId: sandbox.organization(sink).id,
    ...more,
  });
  sandbox.clearRequests();
  return made;
}

/** The calls made so far, by their names. */
export function calls(sandbox: Sandbox): (string | undefined)[] {
  return sandbox.requests.map(({ route }) => route);
}

/** How often this call was made. */
export function count(sandbox: Sandbox, route: string): number {
  return calls(sandbox).filter((name) => name === route).length;
}

/** How many requests would have changed something. */
export function writes(sandbox: Sandbox): number {
  return sandbox.requests.filter(({ method }) => method !== "GET").length;
}
