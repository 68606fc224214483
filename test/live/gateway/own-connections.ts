import type { ForwardedResponse } from "./forward.js";
import type { Journal } from "./journal.js";
import { parseCreated, parseRows } from "./rows.js";

/** The declared pair and where it is. UUIDs are in lower case. */
interface Pair {
  target: string;
  sourceOrgId: string;
  sinkOrgId: string;
}

/** How far the clocks of the servers may differ. The list before the run lacked the pair, so nothing else is that new. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The connections of a run: those that it has created, and those that an interrupted run has left. */
export class OwnConnections {
  readonly #ids: Set<string>;
  /** The time of the server minus that of this machine, in milliseconds. */
  #clockDifference = 0;

  /** @throws if the journal names leftovers of another pair or target, which this run could not delete */
  constructor(
    private readonly pair: Pair,
    private readonly journal: Journal,
  ) {
    const leftovers = journal.listLeftovers();
    const other = leftovers.find(
      ({ target, sourceOrgId, sinkOrgId }) =>
        target !== pair.target || sourceOrgId !== pair.sourceOrgId || sinkOrgId !== pair.sinkOrgId,
    );
    if (other)
      throw new Error(
        `An interrupted run left a connection from ${other.sourceOrgId} to ${other.sinkOrgId} at ${other.target}. ` +
          `Run the command with these two organizations first. Or delete the connection, and then ${journal.file}.`,
      );
    this.#ids = new Set(leftovers.flatMap(({ connectionId }) => connectionId ?? []));
  }

  /** Whether a connection is one of the run. */
  has(connectionId: string): boolean {
    return this.#ids.has(connectionId.toLowerCase());
  }

  /** Records a create before it is sent, and returns the ID of the intent. */
  recordIntent(requestedSinkOrgId: string): string {
    const notBefore = Date.now() + this.#clockDifference - CLOCK_TOLERANCE_MS;
    return this.journal.recordIntent({
      ...this.pair,
      requestedSinkOrgId,
      notBefore: new Date(notBefore).toISOString(),
    });
  }

  /** Records the result of a create. If its outcome is unknown, the intent stays. */
  recordResult(intentId: string, { status, text }: ForwardedResponse): void {
    const created = status < 300 ? parseCreated(text) : undefined;
    if (created) this.#add(intentId, created.id);
    // After 408, the request can still be processed.
    else if (status >= 400 && status < 500 && status !== 408) this.journal.recordNotCreated(intentId);
  }

  /** Records a successful delete. */
  recordDeleted(connectionId: string): void {
    // The ID stays in the set: the connection is deleted again if it is live after all.
    this.journal.recordDeleted(connectionId);
  }

  /** Reads the clock of the server. */
  observeClock(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    if (!Number.isNaN(time)) this.#clockDifference = time - Date.now();
  }

  /** Finds the connections of creates with an unknown outcome in the body of a read. */
  observeList(body: string): void {
    for (const { intentId, connectionId, ...intent } of this.journal.listLeftovers()) {
      if (connectionId !== undefined) continue;
      const row = parseRows(body)?.find(
        ({ id, sourceOrgId, sinkOrgId, createdAt }) =>
          !this.#ids.has(id) &&
          sinkOrgId === intent.requestedSinkOrgId &&
          (sourceOrgId === intent.sourceOrgId || sourceOrgId === intent.sinkOrgId) &&
          Date.parse(createdAt ?? "") >= Date.parse(intent.notBefore),
      );
      if (row) this.#add(intentId, row.id);
    }
  }

  #add(intentId: string, connectionId: string): void {
    this.journal.recordCreated(intentId, connectionId);
    this.#ids.add(connectionId);
  }
}
