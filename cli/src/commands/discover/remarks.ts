import { findUnfamiliarTypes } from "datadog-org-connections-core/connection/inputs.js";
import type { LiveConnection, OrganizationStatus } from "../../live/read-live.js";
import type { ManagedConnection } from "../../stack/managed.js";
import { formatResourceRef, UNREADABLE_REASON, type ResourceRef } from "../../stack/resources.js";
import { formatCount, joinFirst, pluralize } from "../../shared/text.js";
import type { FormerOwner, GoneConnection } from "./group-connections.js";
import { formatLiteral } from "./literal.js";

/** What remarks are about: what the program omits, and what is unusual about the connections that the program declares. */
export interface RemarkInputs {
  declared: readonly LiveConnection[];
  unchecked: readonly OrganizationStatus[];
  /** Resources of the stacks and of the state of `--from` whose connections cannot be read completely. */
  unreadable: readonly ResourceRef[];
  managed: readonly ManagedConnection[];
  /** Connections whose destination was checked, and whose source was not. */
  inbound: readonly LiveConnection[];
  /** Connections whose source or destination Datadog does not report. */
  incomplete: readonly LiveConnection[];
  /** Connections with types that a set cannot declare. */
  undeclarable: readonly LiveConnection[];
  /** Connections that the state of `--from` does not manage. */
  elsewhere: readonly LiveConnection[];
  /** Connections of the state of `--from` that are not live. */
  gone: readonly GoneConnection[];
  /** Unlisted connections of the state of `--from` that may be live: their organizations were not checked, or are unknown. */
  possiblyLive: readonly FormerOwner[];
  /** Each list has the resources of the state of `--from` that manage the same connection. */
  repeated: readonly FormerOwner[][];
  /** The name of the file of `--from`, for messages. */
  fromName: string;
  /** The label of each organization in the program. */
  labels: ReadonlyMap<string, string>;
}

/** The maximum count of names in a remark. */
const MAX_NAMES = 20;

/**
 * Formats what a reader must know about the program, such as what it does not include. A remark may contain untrusted strings:
 * write every remark with `formatComment` or `formatSentence`.
 */
export function formatRemarks(inputs: RemarkInputs): string[] {
  return [
    ...formatUncheckedAndUnreadable(inputs),
    ...formatInbound(inputs),
    ...formatManaged(inputs),
    ...formatFormer(inputs),
    ...formatIncompleteAndTypes(inputs),
  ];
}

function formatUncheckedAndUnreadable({ unchecked, unreadable }: RemarkInputs): string[] {
  return [
    ...unchecked.flatMap((organization) =>
      organization.checked
        ? []
        : [
            `NOT CHECKED: ${organization.names.join(", ")}: connections from this organization are not included. ${organization.reason}`,
          ],
    ),
    ...unreadable.map(
      (resource) =>
        `NOT READ: ${formatResourceRef(resource)}: ${UNREADABLE_REASON}. The resource may already manage ` +
        `connections that are included here. Then two resources would manage the same connection.`,
    ),
  ];
}

function formatInbound({ inbound: rows, labels }: RemarkInputs): string[] {
  if (rows.length === 0) return [];
  const sources = [...new Set(rows.map(({ source }) => source?.id ?? ""))];
  const names = sources.map((id) => {
    const label = labels.get(id) ?? id;
    return label.includes(id) ? formatLiteral(label) : `${formatLiteral(label)} (${id})`;
  });
  return [
    `Not included: ${formatConnectionCount(rows.length)} from other organizations to the checked organizations. A connection is managed ` +
      `with the credentials of its source. Configure the credentials of these sources (if one workload identity serves all organizations, the \`id\` of each is enough), ` +
      `or, if they are configured already, include these sources in --source. Then run this command again. ` +
      `The sources: ${joinNames(names)}.`,
  ];
}

function formatManaged({ managed: all }: RemarkInputs): string[] {
  const stacks = new Map<string, number>();
  for (const { location } of all) stacks.set(location, (stacks.get(location) ?? 0) + 1);
  return [...stacks].map(
    ([stack, count]) =>
      `Omitted: ${formatConnectionCount(count)} that ${stack} already manages. If you add the new declarations to the ` +
      `program of that stack, do not replace its existing declarations.`,
  );
}

/**
 * Formats the connections of the state of `--from` that are gone, may be live, or have several resources. Also formats the live
 * connections that this state does not manage.
 */
function formatFormer({ gone, possiblyLive, repeated, elsewhere, fromName }: RemarkInputs): string[] {
  const remarks: [readonly unknown[], string][] = [
    [
      gone,
      `Not included: ${formatConnectionCount(gone.length)} of ${fromName} that Datadog does not list, so ${pluralize(gone.length, "it is", "they are")} gone: ` +
        `${joinNames(gone.map(formatGone))}. Remove ${pluralize(gone.length, "its resource", "their resources")} from that state.`,
    ],
    [
      possiblyLive,
      `NOT VERIFIED: ${formatConnectionCount(possiblyLive.length)} of ${fromName}: ${joinNames(possiblyLive.map(formatOwner))}. The ` +
        `organizations of ${pluralize(possiblyLive.length, "this connection", "these connections")} were not checked, or that state does not show these organizations. Configure the credentials of each source, fix ` +
        `what prevented the check, or refresh that state. Then run this command again.`,
    ],
    [
      repeated,
      `Not included: ${formatConnectionCount(repeated.length)} that several resources of ${fromName} manage: ` +
        `${joinNames(repeated.map((owners) => owners.map(formatOwner).join(" and ")))}. For each connection, remove all but one of its ` +
        "resources from that state. Then run this command again.",
    ],
    [
      elsewhere,
      `Not included: ${formatConnectionCount(elsewhere.length)} that ${fromName} does not manage. To include ${pluralize(elsewhere.length, "it", "them")}, run this ` +
        "command without --from.",
    ],
  ];
  return remarks.flatMap(([found, remark]) => (found.length === 0 ? [] : [remark]));
}

const formatOwner = ({ name, id }: FormerOwner): string => `${formatLiteral(name)} (${formatLiteral(id)})`;

const formatGone = ({ owner, recreated }: GoneConnection): string =>
  `${formatOwner(owner)}${recreated ? `, recreated as ${formatLiteral(recreated.id)}` : ""}`;

/**
 * Formats the incomplete connections, the connections with types that a set cannot declare, and the types that this version does
 * not recognize.
 */
function formatIncompleteAndTypes({ incomplete, undeclarable, declared }: RemarkInputs): string[] {
  const unfamiliar = [
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
            `Use --form single to declare these connections.`,
        ]),
    ...(unfamiliar.length === 0
      ? []
      : [
          `Types that this version does not recognize, declared unchanged: ${joinNames(unfamiliar.map(formatLiteral))}.`,
        ]),
  ];
}

const formatConnectionCount = (count: number): string => formatCount(count, "connection");
const joinNames = (names: readonly string[]): string => joinFirst(names, MAX_NAMES);
const formatIds = (rows: readonly LiveConnection[]): string =>
  joinNames(rows.map(({ id }) => formatLiteral(id)));
