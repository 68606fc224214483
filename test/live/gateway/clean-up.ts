import { setTimeout as sleep } from "node:timers/promises";
import { callApi, listAllConnections, type Access } from "./call-api.js";
import type { Run } from "./run.js";

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
