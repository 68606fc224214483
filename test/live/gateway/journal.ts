import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { writeAtomic } from "../../../cli/src/shared/write-atomic.js";
import { parseCreated, parseRows } from "../probes/read-response.js";
import type { ForwardedResponse } from "./forward.js";

/** Where a connection is created. UUIDs are in lower case. */
const intentSchema = v.object({
  /** The base URL of the API. */
  target: v.string(),
  /** The two organizations of the run. */
  sourceOrgId: v.string(),
  sinkOrgId: v.string(),
  /** The destination organization in the request. Some requests name one that does not exist. */
  requestedSinkOrgId: v.string(),
  /** A time before the creation, as an ISO date, from the clock of the server. */
  notBefore: v.string(),
});

const leftoverSchema = v.object({
  ...intentSchema.entries,
  intentId: v.string(),
  /** Missing while the outcome of the create is unknown. */
  connectionId: v.optional(v.string()),
});

const journalSchema = v.object({ version: v.literal(1), leftovers: v.array(leftoverSchema) });

/** A create that is about to be sent. */
export type Intent = v.InferOutput<typeof intentSchema>;

/** A connection that a run has created, or may have created, and has not deleted. */
type Leftover = v.InferOutput<typeof leftoverSchema>;

/**
 * The connections that a live run has to delete. Each change is on disk before the method returns, so a process that is killed at
 * any moment leaves a journal that names everything it has created.
 */
export interface Journal {
  /** Where it is stored. */
  readonly file: string;
  /** Returns what is not deleted yet: after the start, this is what an interrupted run has left. */
  listLeftovers(): readonly Leftover[];
  /** Records a create before it is sent, and returns the ID of the intent. */
  recordIntent(intent: Intent): string;
  /** Records the connection of an intent. */
  recordCreated(intentId: string, connectionId: string): void;
  /** Records that an intent has created nothing. */
  recordNotCreated(intentId: string): void;
  /** Records that a connection no longer exists. */
  recordDeleted(connectionId: string): void;
  /** Deletes the file. @throws if there are leftovers */
  remove(): void;
}

/**
 * Opens a journal. The file is created with the first intent.
 *
 * @throws if the file exists but is not a journal
 *
 * @example
 * const journal = openJournal(".local/live/journal.json");
 * if (journal.listLeftovers().length > 0) await deleteLeftovers(…);
 */
export function openJournal(file: string): Journal {
  let leftovers = readLeftovers(file);
  const update = (changed: readonly Leftover[]) => {
    writeDurably(file, changed);
    leftovers = changed;
  };
  return {
    file,
    listLeftovers: () => leftovers,
    recordIntent: (intent) => {
      const intentId = randomUUID();
      update([...leftovers, { ...intent, intentId }]);
      return intentId;
    },
    recordCreated: (intentId, connectionId) =>
      update(
        leftovers.map((leftover) =>
          leftover.intentId === intentId ? { ...leftover, connectionId } : leftover,
        ),
      ),
    recordNotCreated: (intentId) => update(leftovers.filter((leftover) => leftover.intentId !== intentId)),
    recordDeleted: (connectionId) =>
      update(leftovers.filter((leftover) => leftover.connectionId !== connectionId)),
    remove: () => {
      if (leftovers.length > 0) throw new Error(`${file} still names ${leftovers.length} leftover(s).`);
      rmSync(file, { force: true });
    },
  };
}

function readLeftovers(file: string): readonly Leftover[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), journalSchema), text);
  if (parsed.success) return parsed.output.leftovers;
  throw new Error(
    `${file} is not a journal of a live run, so it is not known what an interrupted run has left. ` +
      `Check the connections between the two organizations, then delete the file.`,
  );
}

function writeDurably(file: string, leftovers: readonly Leftover[]): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify({ version: 1, leftovers }, undefined, 2)}\n`;
  writeAtomic(file, text, { name: file, overwrite: true });
  syncFolder(folder);
}

/** The file is synced already. Without this, a power failure could restore its old directory entry. */
function syncFolder(folder: string): void {
  // Windows cannot open a folder, and its rename is durable.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

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
