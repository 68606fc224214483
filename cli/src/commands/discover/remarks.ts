import { findUnfamiliarTypes } from "datadog-org-connections-core/connection/inputs.js";
import type { LiveConnection, OrganizationStatus } from "../../live/read-live.js";
import type { ManagedConnection } from "../../stack/managed.js";
import { formatResourceRef, UNREADABLE_REASON, type ResourceRef } from "../../stack/resources.js";
import { formatCount, joinFirst, pluralize } from "../../shared/text.js";
import type { GoneConnection } from "./group-connections.js";
import { formatLiteral } from "./literal.js";
import type { FormerOwner } from "./former-connections.js";

/** What a program does not include, and the connections that it declares. */
export interface Omitted {
  declared: readonly LiveConnection[];
  unchecked: readonly OrganizationStatus[];
  /** Resources of the stacks, and of the state of `--from`. */
  unreadable: readonly ResourceRef[];
  managed: readonly ManagedConnection[];
  /** Connections from other organizations to those that were read. */
  inbound: readonly LiveConnection[];
  /** Connections without a source or a destination. */
  incomplete: readonly LiveConnection[];
  /** Connections with types that a set cannot declare. */
  undeclarable: readonly LiveConnection[];
  /** Connections that the state of `--from` does not manage. */
  elsewhere: readonly LiveConnection[];
  /** Connections of that state that are not live. */
  gone: readonly GoneConnection[];
  /** Connections of that state that are not listed. They may be live: their organizations were not checked, or are unknown. */
  possiblyLive: readonly FormerOwner[];
  /** The resources of that state that manage the same connection. */
  repeated: readonly FormerOwner[][];
  /** The name of the file of that state. */
  fromName: string;
  /** The label of each organization in the program. */
  labels: ReadonlyMap<string, string>;
}

/** The maximum count of names in a remark. */
const MAX_NAMES = 20;

/**
 * Formats what a reader must know about the program, such as what it does not include. The remarks may contain untrusted strings:
 * write them with `formatComment` or `formatSentence`.
 */
export function formatRemarks(omitted: Omitted): string[] {
  return [
    ...formatUncheckedAndUnreadable(omitted),
    ...formatInbound(omitted),
    ...formatManaged(omitted),
    ...formatFormer(omitted),
    ...formatUndeclarable(omitted),
  ];
}

function formatUncheckedAndUnreadable({ unchecked, unreadable }: Omitted): string[] {
  return [
    ...unchecked.flatMap((organization) =>
      organization.checked
        ? []
        : [
            `NOT CHECKED: ${organization.names.join(", ")}: connections from it are not included. ${organization.reason}`,
          ],
    ),
    ...unreadable.map(
      (resource) =>
        `NOT READ: ${formatResourceRef(resource)}: ${UNREADABLE_REASON}. It may already manage connections that are ` +
        `included here. Two resources would then manage the same connection.`,
    ),
  ];
}

function formatInbound({ inbound: rows, labels }: Omitted): string[] {
  if (rows.length === 0) return [];
  const sources = [...new Set(rows.map(({ source }) => source?.id ?? ""))];
  const names = sources.map((id) => {
    const label = labels.get(id) ?? id;
    return label.includes(id) ? formatLiteral(label) : `${formatLiteral(label)} (${id})`;
  });
  return [
    `Not included: ${formatConnectionCount(rows.length)} from other organizations to those that were read. A connection is managed ` +
      `with the credentials of its source. Configure those credentials (if one workload identity serves all organizations, the \`id\` of each is enough), ` +
      `or, if they are configured already, include their organizations in --source. Then run this command again. ` +
      `The sources: ${joinNames(names)}.`,
  ];
}

function formatManaged({ managed: all }: Omitted): string[] {
  const stacks = new Map<string, number>();
  for (const { location } of all) stacks.set(location, (stacks.get(location) ?? 0) + 1);
  return [...stacks].map(
    ([stack, count]) =>
      `Omitted: ${formatConnectionCount(count)} that ${stack} already manages. Add this file to the program of that stack; do ` +
      `not replace that program with this file.`,
  );
}

/** Formats the connections of the state of `--from` that do not move, and the live ones that it does not manage. */
function formatFormer({ gone, possiblyLive, repeated, elsewhere, fromName }: Omitted): string[] {
  const remarks: [readonly unknown[], string][] = [
    [
      gone,
      `Not included: ${formatConnectionCount(gone.length)} of ${fromName} that Datadog does not list, so ${pluralize(gone.length, "it is", "they are")} gone: ` +
        `${joinNames(gone.map(formatGone))}. Remove ${pluralize(gone.length, "its resource", "their resources")} from that state.`,
    ],
    [
      possiblyLive,
      `NOT VERIFIED: ${formatConnectionCount(possiblyLive.length)} of ${fromName}: ${joinNames(possiblyLive.map(formatOwner))}. Their ` +
        `organizations were not checked, or that state does not show them. Configure the credentials of their sources, fix why they ` +
        `could not be checked, or refresh that state, and run this command again.`,
    ],
    [
      repeated,
      `Not included: ${formatConnectionCount(repeated.length)} that several resources of ${fromName} manage: ` +
        `${joinNames(repeated.map((owners) => owners.map(formatOwner).join(" and ")))}. Remove all but one of these resources from ` +
        "that state, and run this command again.",
    ],
    [
      elsewhere,
      `Not included: ${formatConnectionCount(elsewhere.length)} that ${fromName} does not manage. To include them, run this ` +
        "command without --from.",
    ],
  ];
  return remarks.flatMap(([found, remark]) => (found.length === 0 ? [] : [remark]));
}

const formatOwner = ({ name, id }: FormerOwner): string => `${formatLiteral(name)} (${formatLiteral(id)})`;

const formatGone = ({ owner, recreated }: GoneConnection): string =>
  `${formatOwner(owner)}${recreated ? `, recreated as ${formatLiteral(recreated.id)}` : ""}`;

function formatUndeclarable({ incomplete, undeclarable, declared }: Omitted): string[] {
  const unknown = [
    ...new Set(declared.flatMap(({ connectionTypes }) => findUnfamiliarTypes(connectionTypes))),
  ];
  return [
    ...(incomplete.length === 0
      ? []
      : [
          `Not included: ${formatConnectionCount(incomplete.length)} whose source or destination Datadog does not report: ${formatIds(incomplete)}.`,
        ]),
    ...(undeclarable.length === 0
      ? []
      : [
          `Not included: ${formatConnectionCount(undeclarable.length)} whose types a set cannot declare: ${formatIds(undeclarable)}. ` +
            `Use --form single to declare them.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `Types that this version does not recognize, declared unchanged: ${joinNames(unknown.map(formatLiteral))}.`,
        ]),
  ];
}

const formatConnectionCount = (count: number): string => formatCount(count, "connection");
const joinNames = (names: readonly string[]): string => joinFirst(names, MAX_NAMES);
const formatIds = (rows: readonly LiveConnection[]): string =>
  joinNames(rows.map(({ id }) => formatLiteral(id)));
