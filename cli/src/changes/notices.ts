import { parseNotices, type Notice } from "datadog-org-connections-core/connection/notices.js";
import type { Diagnostic } from "../stack/step.js";
import type { Held } from "./held.js";
import { liveOf, type Known, type LiveConnection } from "./known.js";
import { isSamePair, type Pair } from "./sharing.js";

/** An adoption that the preview announces. */
export type Adoption = Extract<Notice, { kind: "adoption" }>;

/** What a preview says in notices. Any program can print one: none counts for what it says alone. */
export interface Notices {
  adoptions: Adoption[];
  /** Ids of connections, in lower case. */
  gone: ReadonlySet<string>;
  /** What of the notices cannot be read. */
  notes: string[];
}

/** The notices in a preview, each once. */
export function noticesIn(diagnostics: readonly Diagnostic[]): Notices {
  const parsed = diagnostics.map(({ message }) => parseNotices(message));
  const once = new Map(parsed.flatMap(({ notices }) => notices.map((one) => [JSON.stringify(one), one])));
  const all = [...once.values()];
  const isNewer = parsed.some(({ newer }) => newer > 0);
  const isBroken = parsed.some(({ broken }) => broken > 0);
  return {
    adoptions: all.flatMap((one) => (one.kind === "adoption" ? [one] : [])),
    gone: new Set(all.flatMap((one) => (one.kind === "gone" ? [one.connectionId.toLowerCase()] : []))),
    notes: [
      ...(isNewer ? ["The preview holds notices that were written by a newer version of this package."] : []),
      ...(isBroken ? ["The preview holds notices that cannot be read."] : []),
    ],
  };
}

/** Adoptions by whether something besides the preview's own words confirms them. */
export interface Adoptions {
  /** As the look-up or the state has the connections, whatever the notice says of them. */
  confirmed: { pair: Pair; live: LiveConnection }[];
  unconfirmed: Adoption[];
}

/**
 * Which announced adoptions hold: those of a connection that a look-up has found for this very pair, or that a resource in
 * the state holds for it.
 */
export function confirm(adoptions: readonly Adoption[], held: readonly Held[], known: Known): Adoptions {
  const sorted: Adoptions = { confirmed: [], unconfirmed: [] };
  // A program can print any number of notices.
  const holders = new Map<string, Held[]>();
  for (const one of held) {
    const id = one.id.toLowerCase();
    holders.set(id, [...(holders.get(id) ?? []), one]);
  }
  for (const adoption of adoptions) {
    const { connectionId, sourceOrgId, sinkOrgId } = adoption;
    const id = connectionId.toLowerCase();
    const pair =
      sourceOrgId === undefined || sinkOrgId === undefined
        ? undefined
        : { source: { id: sourceOrgId }, sink: { id: sinkOrgId } };
    const live = pair && confirmedBy(id, pair, holders.get(id) ?? [], known);
    if (live) sorted.confirmed.push({ pair, live });
    else sorted.unconfirmed.push(adoption);
  }
  return sorted;
}

function confirmedBy(
  connectionId: string,
  pair: Pair,
  holders: readonly Held[],
  known: Known,
): LiveConnection | undefined {
  const seen = known.liveOf(pair);
  if (seen) return seen.id.toLowerCase() === connectionId ? seen : undefined;
  const holder = holders.find(({ sharing }) => isSamePair(known.sharing(sharing), pair));
  return holder && liveOf(holder);
}

/** So many adoptions are named in notes: a program can print any number. */
const MOST = 5;

/** What the reader should know of adoptions that nothing confirms. */
export function notesOf(unconfirmed: readonly Adoption[], isLookedUp: boolean): string[] {
  const why = isLookedUp ? "neither the state nor the look-up has it" : "--lookup asks Datadog";
  const more = unconfirmed.length - MOST;
  return [
    ...unconfirmed
      .slice(0, MOST)
      .map(
        ({
          connectionId,
          sourceOrgId = "an organization that it does not name",
          sinkOrgId = "another one",
        }) =>
          `The preview says that it adopts connection ${connectionId} (from ${sourceOrgId} to ${sinkOrgId}), and nothing ` +
          `confirms that: ${why}. Every program can print such a notice, so what it declares counts as newly shared.`,
      ),
    ...(more > 0 ? [`The preview says so of ${more} more connections.`] : []),
  ];
}
