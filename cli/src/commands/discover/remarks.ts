import { unfamiliarTypes } from "datadog-org-connections-core/connection/inputs.js";
import type { LiveConnection, LookedAt } from "../../live/read-live.js";
import { NOT_READ, stackOf, type ManagedConnection, type UnreadableResource } from "../../stack/managed.js";
import { formatCount, joinFirst } from "../../shared/text.js";
import { literal } from "./literal.js";

/** What a program does not hold, or holds in another way than the rest. */
export interface Left {
  declared: readonly LiveConnection[];
  unread: readonly LookedAt[];
  /** Of stacks. */
  unreadable: readonly UnreadableResource[];
  managed: readonly ManagedConnection[];
  foreign: readonly LiveConnection[];
  endless: readonly LiveConnection[];
  /** Of a set: their types cannot be declared. */
  untyped: readonly LiveConnection[];
  /** What the program calls each organization. */
  labels: ReadonlyMap<string, string>;
}

/** So many names stand in one remark. */
const MOST_NAMED = 20;

/** What a reader of the program has to know of what is not in it, holes first. Texts from elsewhere are literals. */
export function remarksOf(left: Left): string[] {
  return [...holes(left), ...foreign(left), ...managed(left), ...odd(left)];
}

function holes({ unread, unreadable }: Left): string[] {
  return [
    ...unread.flatMap((one) =>
      one.checked ? [] : [`NOT READ: ${one.names.join(", ")}: what it shares is not in here. ${one.reason}`],
    ),
    ...unreadable.map(
      ({ urn, name }) =>
        `NOT READ: ${stackOf(urn)}: ${name}: ${NOT_READ}. What is in here may be managed by it already: then two resources ` +
        `would hold it.`,
    ),
  ];
}

function foreign({ foreign: rows, labels }: Left): string[] {
  if (rows.length === 0) return [];
  const sources = [...new Set(rows.map(({ source }) => source?.id ?? ""))];
  const names = sources.map((id) => {
    const label = labels.get(id) ?? id;
    return label.includes(id) ? literal(label) : `${literal(label)} (${id})`;
  });
  return [
    `Not covered: ${connections(rows.length)} that others share with these organizations. A connection is managed with the ` +
      `keys of its source: configure those keys, or name them with --source, and run this again. The sources: ${some(names)}.`,
  ];
}

function managed({ managed: all }: Left): string[] {
  const stacks = new Map<string, number>();
  for (const { urn } of all) stacks.set(stackOf(urn), (stacks.get(stackOf(urn)) ?? 0) + 1);
  return [...stacks].map(
    ([stack, count]) =>
      `Left out: ${connections(count)} that ${stack} manages already. They stay in its program: in that stack, add this ` +
      `file to the program, and do not put it in its place.`,
  );
}

function odd({ endless, untyped, declared }: Left): string[] {
  const unknown = [...new Set(declared.flatMap(({ connectionTypes }) => unfamiliarTypes(connectionTypes)))];
  return [
    ...(endless.length === 0
      ? []
      : [
          `Not covered: ${connections(endless.length)} of which Datadog does not tell both ends: ${idsOf(endless)}.`,
        ]),
    ...(untyped.length === 0
      ? []
      : [
          `Not covered: ${connections(untyped.length)} whose types a set cannot declare: ${idsOf(untyped)}. ` +
            `--form single can.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [`Types that this version does not know, declared as they are: ${some(unknown.map(literal))}.`]),
  ];
}

const connections = (count: number): string => formatCount(count, "connection");
const some = (names: readonly string[]): string => joinFirst(names, MOST_NAMED);
const idsOf = (rows: readonly LiveConnection[]): string => some(rows.map(({ id }) => literal(id)));
