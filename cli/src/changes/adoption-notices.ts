import { parseNotices, type Notice } from "datadog-org-connections-core/connection/notices.js";
import { formatOrganizationLabel } from "datadog-org-connections-core/credentials/resolve.js";
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

/** An organization that the preview could not check. */
type NotCheckedNotice = Extract<Notice, { kind: "not-checked" }>;

/** The notices in the reviewed previews. Any program can print one, so a notice alone proves nothing. */
export interface PreviewNotices {
  adoptions: AdoptionNotice[];
  /** The lower-case ids of the connections that notices report as gone. */
  gone: ReadonlySet<string>;
  /** Messages about organizations that were not checked, and about notices that cannot be read. */
  notes: string[];
}

/** Reads the notices in the messages of the reviewed previews, without duplicates. */
export function readNotices(diagnostics: readonly Diagnostic[]): PreviewNotices {
  const parsed = diagnostics.map(({ message }) => parseNotices(message));
  const unique = new Map(
    parsed.flatMap(({ notices }) => notices.map((notice) => [JSON.stringify(notice), notice])),
  );
  const all = [...unique.values()];
  const hasUnreadable = parsed.some(({ unreadable }) => unreadable > 0);
  return {
    adoptions: all.flatMap((notice) => (notice.kind === "adoption" ? [notice] : [])),
    gone: new Set(
      all.flatMap((notice) => (notice.kind === "gone" ? [notice.connectionId.toLowerCase()] : [])),
    ),
    notes: [
      ...formatNotChecked(all.filter((notice) => notice.kind === "not-checked")),
      ...(hasUnreadable
        ? [
            "The preview contains notices that this version cannot read. They are ignored. If the provider is newer, install the same version of datadog-org-connections.",
          ]
        : []),
    ],
  };
}

/** The reported adoptions, by whether a lookup or the state confirms them. */
export interface CheckedAdoptions {
  /** `existing` is the connection as the lookup or the state has it, not as the notice describes it. */
  confirmed: { notice: AdoptionNotice; pair: Pair; existing: KnownConnection }[];
  unconfirmed: AdoptionNotice[];
}

/**
 * Confirms each reported adoption whose connection is in the lookup with the same id and pair. If the lookup has no connection of
 * the pair, the state decides in the same way, unless the lookup shows that the connection is gone.
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
  // A connection that was deleted outside the program may still be in the state. The list of either organization can show that the
  // connection is gone.
  if (directory.isLive(connectionId, pair) === false) return undefined;
  const inState = connections.find(({ shared }) => isSamePair(directory.resolveEnds(shared), pair));
  return inState && toKnownConnection(inState);
}

/** The maximum count of notes about one kind of notice. A program can print many more notices. */
const MAX_NOTES = 5;

/** Formats one note for each organization that was not checked. Such a notice only makes the report less certain. */
function formatNotChecked(notices: readonly NotCheckedNotice[]): string[] {
  const organizations = new Map(
    notices.map(({ source, sourceOrgId, code }) => [JSON.stringify([source, sourceOrgId]), { source, code }]),
  );
  const more = organizations.size - MAX_NOTES;
  return [
    ...[...organizations.values()]
      .slice(0, MAX_NOTES)
      .map(
        ({ source, code }) =>
          `The preview could not check the connections of ${formatOrganizationLabel(source)} [${code}], so this report may lack ` +
          `problems and adoptions. Run the preview again.`,
      ),
    ...(more > 0 ? [`The preview could not check ${formatCount(more, "more organization")}.`] : []),
  ];
}

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
        ({
          connectionId,
          sourceOrgId = "an unidentified organization",
          sinkOrgId = "an unidentified organization",
        }) =>
          `The preview reports that connection ${connectionId} (from ${sourceOrgId} to ${sinkOrgId}) is adopted. This is ` +
          `unconfirmed: ${why}. Any program can print such a notice, so the declared types count as newly shared.`,
      ),
    ...(more > 0 ? [`The preview reports ${formatCount(more, "more unconfirmed adoption")}.`] : []),
  ];
}
