import { setTimeout as sleep } from "node:timers/promises";
import { parseRows, type Row } from "./rows.js";

/** How to reach the API with the credentials of one organization. */
export interface Access {
  /** The URL of the gateway. */
  url: string;
  /** The headers that authenticate a request: keys or a bearer token. */
  headers: Readonly<Record<string, string>>;
}

/** A response with any status. */
interface ApiResponse {
  status: number;
  body: string;
}

const MAX_ATTEMPTS = 4;
const MAX_WAIT_SECONDS = 30;
const PAGE_LIMIT = 1000;
/** Ends the list of a server that ignores `offset`, or never ends. */
const MAX_PAGES = 20;

/**
 * Sends one request. Repeats it after 429 and 5xx, and without a response: reads, and deletes of one ID, can be repeated.
 *
 * @throws if no attempt gets a response
 */
export async function callApi(
  { url, headers }: Access,
  method: "GET" | "DELETE",
  path: string,
): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt++) {
    const response = await sendOnce({ url, headers }, method, path);
    const isTemporary = !response || response.status === 429 || response.status >= 500;
    if (response && (!isTemporary || attempt === MAX_ATTEMPTS)) return response;
    if (attempt === MAX_ATTEMPTS) throw new Error(`${method} ${path.split("?")[0] ?? ""} got no response.`);
    const reset = Number(response?.reset ?? NaN);
    const seconds = Number.isFinite(reset) ? reset : 2 ** (attempt - 1);
    await sleep(Math.min(seconds, MAX_WAIT_SECONDS) * 1000);
  }
}

/** Sends a request. Resolves to `undefined` without a complete response. `reset` is the header that says when to try again. */
async function sendOnce(
  { url, headers }: Access,
  method: string,
  path: string,
): Promise<(ApiResponse & { reset: string | null }) | undefined> {
  try {
    const response = await fetch(url + path, { method, headers: { ...headers }, redirect: "manual" });
    const reset = response.headers.get("x-ratelimit-reset");
    return { status: response.status, body: await response.text(), reset };
  } catch {
    return undefined;
  }
}

/**
 * Lists all connections that an organization takes part in. Every status below 300 is a success, because a run has to clean up
 * whatever the API does differently from its documentation.
 *
 * @throws if a page is not a list of connections
 */
export async function listAllConnections(access: Access): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/api/v2/org_connections?limit=${PAGE_LIMIT}&offset=${rows.size}`;
    const { status, body } = await callApi(access, "GET", path);
    const found = status < 300 ? parseRows(body) : undefined;
    if (!found) throw new Error(`The list of connections is not readable (status ${status}).`);
    const added = found.filter(({ id }) => !rows.has(id));
    for (const row of added) rows.set(row.id, row);
    if (added.length === 0) return [...rows.values()];
  }
  throw new Error(`The list of connections has more than ${MAX_PAGES} pages.`);
}
