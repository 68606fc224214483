import { afterAll, afterEach, beforeAll } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/src/index.js";

/** A response body. */
export interface Body {
  errors?: string[];
  data: Row[];
  included?: { type: string; id: string; attributes: Record<string, unknown> }[];
  meta: { page: { total_count: number; total_filtered_count: number } };
}

export interface Row {
  type: string;
  id: string;
  attributes: { created_at: string; connection_types: string[] };
  relationships: Record<string, { data: { type: string; id: string; name?: string } }>;
}

export interface ParsedResponse<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** Uses one sandbox for a test file and resets it after each test. */
export function useSandbox(options: SandboxOptions = {}) {
  let sandbox: Sandbox | undefined;
  const getSandbox = () => {
    if (!sandbox) throw new Error("the sandbox runs only during tests");
    return sandbox;
  };
  beforeAll(async () => {
    sandbox = await startSandbox(options);
  });
  afterEach(() => getSandbox().reset());
  afterAll(() => getSandbox().close());
  return getSandbox;
}

/** Sends one request with an organization's keys. */
export async function send<T = Body>(
  sandbox: Sandbox,
  organization: string,
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<ParsedResponse<T>> {
  const { apiKey, appKey } = sandbox.getOrganization(organization);
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey, "Content-Type": "application/json" },
    redirect: "manual",
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

export const CONNECTIONS = "/api/v2/org_connections";
export const UNKNOWN_ID = "99999999-9999-4999-8999-999999999999";

/** Creates the body of a create. */
export function createBody(sinkOrgId: unknown, types?: unknown) {
  return {
    data: {
      type: "org_connection",
      ...(types !== undefined && { attributes: { connection_types: types } }),
      relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
    },
  };
}

/** Creates the body of an update. */
function createUpdateBody(id: string, types: unknown) {
  return { data: { type: "org_connection", id, attributes: { connection_types: types } } };
}

/** Creates from `payments`, or another source. */
export function create(sandbox: Sandbox, sink: string, types?: unknown, source = "payments") {
  return send<{ data: Row; errors?: string[] }>(
    sandbox,
    source,
    "POST",
    CONNECTIONS,
    createBody(sink, types),
  );
}

/** Updates as `payments`, or another organization. */
export function update(sandbox: Sandbox, id: string, types: unknown, as = "payments") {
  const path = `${CONNECTIONS}/${id}`;
  return send<{ data: Row; errors?: string[] }>(sandbox, as, "PATCH", path, createUpdateBody(id, types));
}

/** Deletes as `payments`, or another organization. */
export function deleteConnection(sandbox: Sandbox, id: string, as = "payments") {
  return send(sandbox, as, "DELETE", `${CONNECTIONS}/${id}`);
}

/** Lists as `payments`, or another organization. */
export function list(sandbox: Sandbox, query = "", as = "payments") {
  return send(sandbox, as, "GET", `${CONNECTIONS}${query}`);
}

/** Creates a clock that advances only on request. */
export function createClock(start = "2026-03-01T12:00:00.500Z") {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (seconds: number) => {
      time += seconds * 1000;
    },
  };
}
