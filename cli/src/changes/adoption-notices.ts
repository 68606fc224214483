import { parseNotices, type Notice } from "datadog-org-connections-core/connection/notices.js";
import type { Diagnostic } from "../stack/step.js";
import type { ResourceConnection } from "./resource-connections.js";
import {
  toKnownConnection,
  type KnownConnection,
  type OrganizationDirectory,
} from "./organization-directory.js";
import { isSamePair, type Pair } from "./shared-data.js";
import { formatCount } from "../shared/text.js";

/** An adoption that the preview reports. */
export type AdoptionNotice = Extract<Notice, { kind: "adoption" }>;

/** The notices in a preview. Any program can print one, so a notice alone proves nothing. */
export interface PreviewNotices {
  adoptions: AdoptionNotice[];
  /** Ids of connections that notices report as gone, in lower case. */
  gone: ReadonlySet<string>;
  /** Messages about notices that cannot be read. */
  notes: string[];
}

/** Reads the notices of a preview, without duplicates. */
export function readNotices(diagnostics: readonly Diagnostic[]): PreviewNotices {
  const parsed = diagnostics.map(({ message }) => parseNotices(message));
  const unique = new Map(
    parsed.flatMap(({ notices }) => notices.map((notice) => [JSON.stringify(notice), notice])),
  );
  const all = [...unique.values()];
  const hasNewer = parsed.some(({ newer }) => newer > 0);
  const hasMalformed = parsed.some(({ malformed }) => malformed > 0);
  return {
    adoptions: all.flatMap((notice) => (notice.kind === "adoption" ? [notice] : [])),
    gone: new Set(
      all.flatMap((notice) => (notice.kind === "gone" ? [notice.connectionId.toLowerCase()] : [])),
    ),
    notes: [
      ...(hasNewer ? ["The preview contains notices of a newer version of this package."] : []),
      ...(hasMalformed ? ["The preview contains notices that cannot be read."] : []),
    ],
  };
}

/** The reported adoptions, by whether a lookup or the state confirms them. */
export interface CheckedAdoptions {
  /** The connections as the lookup or the state has them, not as the notices describe them. */
  confirmed: { notice: AdoptionNotice; pair: Pair; existing: KnownConnection }[];
  unconfirmed: AdoptionNotice[];
}

/**
 * Confirms a reported adoption if the lookup has this connection, with the same id and the same pair. If the lookup has no connection of
 * the pair, the state decides, unless the lookup shows that this connection is gone.
 */
export function confirmAdoptions(
  adoptions: readonly AdoptionNotice[],
  stateConnections: readonly ResourceConnection[],
  directory: OrganizationDirectory,
): CheckedAdoptions {
  const result: CheckedAdoptions = { confirmed: [], unconfirmed: [] };
  // A program can print many notices, so index the connections.
  const connectionsById = new Map<string, ResourceConnection[]>();
  for (const connection of stateConnections) {
    const id = connection.id.toLowerCase();
    connectionsById.set(id, [...(connectionsById.get(id) ?? []), connection]);
  }
  for (const adoption of adoptions) {
    const { connectionId, sourceOrgId, sinkOrgId } = adoption;
    const id = connectionId.toLowerCase();
    const pair =
      sourceOrgId === undefined || sinkOrgId === undefined
        ? undefined
        : { source: { id: sourceOrgId }, sink: { id: sinkOrgId } };
    const existing = pair && findConfirmedConnection(id, pair, connectionsById.get(id) ?? [], directory);
    if (existing) result.confirmed.push({ notice: adoption, pair, existing });
    else result.unconfirmed.push(adoption);
  }
  return result;
}

function findConfirmedConnection(
  connectionId: string,
  pair: Pair,
  connections: readonly ResourceConnection[],
  directory: OrganizationDirectory,
): KnownConnection | undefined {
  const existing = directory.findConnection(pair);
  if (existing) return existing.id.toLowerCase() === connectionId ? existing : undefined;
  // The state still has a connection that was deleted outside the program. The list of its organization shows that.
  if (directory.isLive(connectionId, pair) === false) return undefined;
  const inState = connections.find(({ shared }) => isSamePair(directory.resolveEnds(shared), pair));
  return inState && toKnownConnection(inState);
}

/** The maximum count of adoptions in the notes. A program can print many more. */
const MAX_NOTES = 5;

/** Formats notes about unconfirmed adoptions. */
export function formatUnconfirmedAdoptions(
  unconfirmed: readonly AdoptionNotice[],
  hasLookup: boolean,
): string[] {
  const why = hasLookup ? "the lookup does not confirm it" : "use --lookup to check it";
  const more = unconfirmed.length - MAX_NOTES;
  return [
    ...unconfirmed
      .slice(0, MAX_NOTES)
      .map(
        ({ connectionId, sourceOrgId = "an unnamed organization", sinkOrgId = "an unnamed organization" }) =>
          `The preview reports that connection ${connectionId} (from ${sourceOrgId} to ${sinkOrgId}) is adopted. This is ` +
          `unconfirmed: ${why}. Any program can print such a notice, so the declared types count as newly shared.`,
      ),
    ...(more > 0 ? [`The preview reports ${formatCount(more, "more adoption")}.`] : []),
  ];
}
