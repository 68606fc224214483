import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { CALLER_PATH, parseCallerIds } from "./caller.js";
import { forwardRequest } from "./forward.js";

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
