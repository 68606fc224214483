import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import * as v from "valibot";
import { CALLER_PATH, parseCallerIds } from "../probes/read-response.js";
import { forwardRequest } from "./forward.js";

/** An ID that no organization and no connection can have, for requests whose ID is malformed. */
export const MALFORMED_ID = "not-a-uuid";

/** What the gateway does with a request. */
export type Decision =
  | { kind: "forward" }
  /** Forward a create, after it is in the journal. */
  | { kind: "create"; sinkOrgId: string }
  /** Forward the delete of a connection of this run. */
  | { kind: "delete"; connectionId: string }
  | { kind: "refuse"; reason: string };

/** What a run may change. */
interface GateState {
  /** The declared destination organization, in lower case. */
  sinkOrgId: string;
  /** Whether a connection was created by this run, or by an interrupted one. The ID is in lower case. */
  isOwn(connectionId: string): boolean;
  /** IDs that the run has generated and that nothing has. */
  unusedIds: ReadonlySet<string>;
}

const CONNECTIONS = "/api/v2/org_connections";
const EXCHANGE = "/api/v2/delegated-token";
const CONNECTION_PATH = /^\/api\/v2\/org_connections\/([0-9A-Za-z-]+)$/;

const sinkSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({
      relationships: v.object({
        sink_org: v.object({ data: v.object({ id: v.pipe(v.string(), v.toLowerCase()) }) }),
      }),
    }),
  }),
);

/**
 * Decides whether a request is safe. Reads and exchanges of an identity change nothing. A create must name the declared destination
 * organization, or an ID that nothing has. PATCH and DELETE must name a connection of this run, or such an ID.
 *
 * A create with the credentials of the destination organization itself is safe, too: both ends would be the same organization.
 */
export function decideRequest(
  { method, path, body }: { method: string; path: string; body: string },
  state: GateState,
): Decision {
  const [pathname = ""] = path.split("?");
  // Other forms of a request target could lead to another host.
  if (!path.startsWith("/")) return { kind: "refuse", reason: "the address is not a path" };
  if (method === "GET") return { kind: "forward" };
  if (method === "POST" && pathname === EXCHANGE) return { kind: "forward" };
  if (method === "POST" && pathname === CONNECTIONS) return decideCreate(body, state);
  const connectionId = CONNECTION_PATH.exec(pathname)?.[1]?.toLowerCase();
  if (connectionId === undefined || !["PATCH", "DELETE"].includes(method))
    return { kind: "refuse", reason: "the call is neither a read nor a call of a connection" };
  if (isUnused(connectionId, state)) return { kind: "forward" };
  if (!state.isOwn(connectionId)) return { kind: "refuse", reason: "this run did not create the connection" };
  return method === "DELETE" ? { kind: "delete", connectionId } : { kind: "forward" };
}

function decideCreate(body: string, state: GateState): Decision {
  const parsed = v.safeParse(sinkSchema, body);
  // A server could find a destination organization where this schema does not.
  if (!parsed.success) return { kind: "refuse", reason: "the create names no destination organization" };
  const sinkOrgId = parsed.output.data.relationships.sink_org.data.id;
  return sinkOrgId === state.sinkOrgId || isUnused(sinkOrgId, state)
    ? { kind: "create", sinkOrgId }
    : { kind: "refuse", reason: "the destination organization of the create is not the declared one" };
}

const isUnused = (id: string, { unusedIds }: GateState): boolean => id === MALFORMED_ID || unusedIds.has(id);

/** What authenticates a request. */
const AUTHENTICATION = {
  headers: ["authorization", "dd-api-key", "dd-application-key"],
  query: ["api_key", "application_key"],
};

/**
 * Finds out which organization the credentials of a create belong to, before it is forwarded: the source of a connection is nothing
 * but the organization of these credentials. Each credential causes one request.
 */
export class CallerCheck {
  /** By the hash of the credentials, so that they stay in no list. */
  readonly #isAllowed = new Map<string, boolean>();

  constructor(
    private readonly target: string,
    private readonly organizationIds: readonly string[],
  ) {}

  /**
   * Whether the credentials may belong to an organization of the run. Credentials whose organization the API does not show are
   * allowed: they have no permission to create, and probes send such requests.
   */
  async isAllowed({ path, headers }: { path: string; headers: IncomingHttpHeaders }): Promise<boolean> {
    const sent = selectAuthentication(path, headers);
    const hash = createHash("sha256").update(JSON.stringify(sent)).digest("hex");
    const known = this.#isAllowed.get(hash);
    if (known !== undefined) return known;
    const query = new URLSearchParams(sent.query).toString();
    const { status, text } = await forwardRequest(this.target, {
      method: "GET",
      path: query === "" ? CALLER_PATH : `${CALLER_PATH}?${query}`,
      headers: { ...sent.headers, accept: "application/json" },
      body: Buffer.alloc(0),
    });
    const ids = status < 300 ? parseCallerIds(text) : [];
    const isAllowed = ids.length === 0 || ids.some((id) => this.organizationIds.includes(id));
    this.#isAllowed.set(hash, isAllowed);
    return isAllowed;
  }
}

function selectAuthentication(path: string, headers: IncomingHttpHeaders) {
  const query = new URL(path, "http://localhost").searchParams;
  return {
    headers: Object.fromEntries(AUTHENTICATION.headers.flatMap((name) => select(name, headers[name]))),
    query: Object.fromEntries(AUTHENTICATION.query.flatMap((name) => select(name, query.get(name)))),
  };
}

const select = (name: string, value: string | string[] | null | undefined): [string, string][] =>
  typeof value === "string" ? [[name, value]] : [];
