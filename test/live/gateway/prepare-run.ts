import { setTimeout as sleep } from "node:timers/promises";
import { CALLER_PATH, parseCallerIds, parseRows, type Row } from "../probes/read-response.js";
import type { Gateway } from "./gateway.js";
import type { Journal } from "./journal.js";

/** A live run: its gateway, and the headers that authenticate the requests of each of its two organizations. */
export interface Run {
  gateway: Gateway;
  journal: Journal;
  sourceHeaders: Access["headers"];
  sinkHeaders: Access["headers"];
}

/**
 * The safety gate at the start of a run. Proves that each of the credentials leads to its declared organization, deletes what an
 * interrupted run has left, proves that the pair is not connected, and only then lets the gateway forward creates.
 *
 * @throws an error that says what is wrong and what to do next; the run must not go on
 *
 * @example
 * await prepareRun({ gateway, journal, sourceHeaders, sinkHeaders });
 * // … the run …
 * await cleanUp({ gateway, journal, sourceHeaders, sinkHeaders });
 */
export async function prepareRun(run: Run): Promise<void> {
  const { gateway, sourceHeaders, sinkHeaders } = run;
  const { url, sourceOrgId, sinkOrgId } = gateway;
  if (sourceOrgId === sinkOrgId)
    throw new Error(
      "The source and the destination organization have the same UUID. Set the UUIDs of two organizations.",
    );
  const source = {
    label: "the source organization",
    id: sourceOrgId,
    access: { url, headers: sourceHeaders },
  };
  const sink = {
    label: "the destination organization",
    id: sinkOrgId,
    access: { url, headers: sinkHeaders },
  };
  const sourceCallers = await findCallerIds(source);
  const sinkCallers = await findCallerIds(sink);
  if (sourceCallers.some((id) => sinkCallers.includes(id)))
    throw new Error(
      "The credentials of the source and of the destination organization lead to the same organization. " +
        "Set the credentials of two organizations.",
    );
  checkCaller(source, sourceCallers);
  checkCaller(sink, sinkCallers);
  await deleteLeftovers(run);
  await checkPair(run);
  gateway.allowCreates();
}

/** One organization of a run. */
interface Organization {
  /** For messages. */
  label: string;
  id: string;
  access: Access;
}

async function findCallerIds({ label, access }: Organization): Promise<string[]> {
  const { status, body } = await callApi(access, "GET", CALLER_PATH);
  const ids = status < 300 ? parseCallerIds(body) : [];
  if (ids.length > 0) return ids;
  throw new Error(
    status === 401 || status === 403
      ? `The credentials of ${label} were refused (status ${status} of GET ${CALLER_PATH}). Check them, and that they have the ` +
          "permissions org_connections_read and org_connections_write."
      : `GET ${CALLER_PATH} does not show which organization the credentials of ${label} belong to (status ${status}). ` +
          "Nothing was changed. Check the address of the API.",
  );
}

function checkCaller({ label, id }: Organization, callerIds: readonly string[]): void {
  if (!callerIds.includes(id))
    throw new Error(
      `The credentials of ${label} belong to another organization than its UUID. Set the UUID and the credentials of the same ` +
        "organization.",
    );
}

async function checkPair({ gateway, sourceHeaders }: Run): Promise<void> {
  const { url, sourceOrgId, sinkOrgId } = gateway;
  const rows = await listAllConnections({ url, headers: sourceHeaders });
  // A row that lacks an end can be the one of the pair.
  const isPair = (row: (typeof rows)[number]) =>
    (row.sourceOrgId ?? sourceOrgId) === sourceOrgId && (row.sinkOrgId ?? sinkOrgId) === sinkOrgId;
  if (rows.some(isPair))
    throw new Error(
      "The two organizations are connected already, so the run would change a connection that is not its own. " +
        "Nothing was changed. Use two organizations without a connection from the first to the second.",
    );
}

/** A list can be outdated shortly after a write, so it is read again. */
const MAX_ROUNDS = 4;
const ROUND_WAIT_MS = 500;

/**
 * Ends a run: deletes each connection that it has created and that is still live, and then the journal.
 *
 * @throws if a connection is left; the journal then names it, and the next run deletes it
 */
export async function cleanUp(run: Run): Promise<void> {
  run.gateway.startCleanup();
  await deleteLeftovers(run);
  run.journal.remove();
}

/**
 * Deletes the connections that the journal names, and those of the run that are live in spite of a successful delete. The gateway
 * compares each list with the journal, and so finds the connection of a create whose outcome is unknown.
 *
 * @throws if a connection is left, or a list is not readable
 */
export async function deleteLeftovers(run: Run): Promise<void> {
  const { gateway, journal } = run;
  const source = { url: gateway.url, headers: run.sourceHeaders };
  const sink = { url: gateway.url, headers: run.sinkHeaders };
  let live: string[] = [];
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    if (round > 1) await sleep(ROUND_WAIT_MS);
    for (const id of new Set([...listIds(run), ...live])) await deleteConnection(id, source, sink);
    live = (await listAllConnections(source)).flatMap(({ id }) => (gateway.isOwn(id) ? [id] : []));
    for (const { intentId, connectionId } of journal.listLeftovers()) {
      // It is gone, although no delete was successful: another one has deleted it.
      if (connectionId !== undefined && !live.includes(connectionId)) journal.recordDeleted(connectionId);
      if (connectionId === undefined && round > 1) journal.recordNotCreated(intentId);
    }
    if (live.length === 0 && journal.listLeftovers().length === 0) return;
  }
  throw new Error(
    `The run could not delete ${live.length} of its connections: ${live.join(", ")}. ` +
      "Run the same command again, or delete them in the settings of the source organization.",
  );
}

const listIds = ({ journal }: Run): string[] =>
  journal.listLeftovers().flatMap(({ connectionId }) => connectionId ?? []);

/** Either organization may delete a connection. */
async function deleteConnection(id: string, source: Access, sink: Access): Promise<void> {
  const path = `/api/v2/org_connections/${id}`;
  const { status } = await callApi(source, "DELETE", path);
  if (status >= 300) await callApi(sink, "DELETE", path);
}

/** How to reach the API with the credentials of one organization. */
interface Access {
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
async function callApi(
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
async function listAllConnections(access: Access): Promise<Row[]> {
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
