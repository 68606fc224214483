import type { LiveConnections, LiveConnection } from "../../live/read-live.js";
import { getFormerName } from "./former-names.js";
import {
  getDeclarableTypes,
  groupConnections,
  type DraftInputs,
  type DraftConnection,
} from "./group-connections.js";
import { isOwnTool, type ResourceRef } from "../../stack/resources.js";
import { requireNoPendingDeletions, type FormerOwner, type FormerTool } from "./former-connections.js";
import { createLabels, createSlugs, reserveName, type NamedOrganization } from "./names.js";
import { formatRemarks } from "./remarks.js";
import type { SourceNames } from "./source-names.js";

export type { DraftInputs } from "./group-connections.js";

/** `single`: one resource for each connection; `set`: one resource for each organization. */
export type Form = "single" | "set";

/** How a draft is written. `program`: a program in the language of `--language`; `import`: a file for `pulumi import --file`. */
export type Format = "program" | "import";

/** One connection that the program declares. */
export interface Entry {
  /** The name of its resource. In the form `set`, it only sorts the members. */
  resource: string;
  /** The label of the destination in the program. */
  sink: string;
  /** UUID of the destination. */
  sinkOrgId: string;
  /** If absent, the types are unspecified. */
  connectionTypes?: string[];
  live: LiveConnection;
  /** The resource that manages it, in the state of `--from`. */
  owner?: FormerOwner;
}

/** The connections of one source organization. */
export interface SourceEntries {
  /** The label of the organization in the program. */
  label: string;
  /** Its UUID. */
  id: string;
  /** Its name in the program (`source`). If absent, it is the default organization. */
  source?: string;
  /** The name of its set. In the form `single`, its slug, which only sorts the sources. */
  resource: string;
  /** Sorted by resource name. */
  entries: Entry[];
  /** Whether the organization is the source of other live connections, which the program does not include. */
  hasOmitted: boolean;
}

/** What `discover` writes as a program or an import file: the resources that declare what is live. */
export interface Draft {
  form: Form;
  /**
   * The tool from which the connections move, with `--from`: each of them has a resource of this tool. Left out otherwise, and if no
   * connection is declared.
   */
  formerTool?: FormerTool;
  /**
   * Whether the resources adopt the connections. Those of `@pulumi/datadog` move by an alias: if the alias does not match, an
   * adopting resource would be created, and the deletion of the old one would delete the connection.
   */
  adopt: boolean;
  /** The destination organizations of the connections, sorted by label. */
  destinations: { label: string; id: string }[];
  /** Sorted by `resource`. */
  sources: SourceEntries[];
  /** The count of declared connections. */
  count: number;
  /** The resources of the state of `--from` that it has to keep: they neither move nor are gone, or cannot be read. */
  remaining: readonly ResourceRef[];
  /** What a reader must know about the program, such as what it does not include and why. */
  remarks: string[];
  /**
   * Whether all selected organizations were checked, and all resources of the stacks and of the state of `--from` were read. Also false
   * if a connection of `--from` may be live in an organization that was not checked.
   */
  complete: boolean;
}

/**
 * Creates the draft for the live connections. It includes only connections whose source was checked, because a connection is
 * managed with the credentials of its source. Connections that the stacks already manage are omitted.
 *
 * @throws if the connections of the state of `--from` cannot move in this form, or if an interrupted replacement in that state still has
 * to delete a live connection
 */
export function createDraft(inputs: DraftInputs, form: Form): Draft {
  const { live, sourceNames, managed, from } = inputs;
  if (from) requireNoPendingDeletions(from, live);
  const { declared, ...omitted } = groupConnections(inputs, form === "set");
  const formerTool = declared[0]?.owner?.tool;
  const adopt = formerTool !== "pulumi-datadog";
  if (form === "set" && !adopt) throw createAliasedSetError(from?.name);
  const named = listOrganizations(live, sourceNames);
  const [labels, slugs] = [createLabels(named), createSlugs(named)];
  const getName = (names: ReadonlyMap<string, string>, id: string) => names.get(id) ?? id;
  // The program may be added to a stack, so its resource names must differ from those in the stack. The state of --from may be that of
  // this stack, with resources that have already moved. In an object literal, the name __proto__ has another meaning.
  const taken = new Set([
    "__proto__",
    ...[managed, from].flatMap((state) =>
      [...(state?.connections ?? []), ...(state?.unreadable ?? [])].filter(isOwnTool).map(({ name }) => name),
    ),
  ]);
  const getBaseName = ({ owner, sourceId, sinkId }: DraftConnection) =>
    owner ? getFormerName(owner) : `${getName(slugs, sourceId)}-to-${getName(slugs, sinkId)}`;

  const sources = [...sourceNames].flatMap(([id, source]): SourceEntries[] => {
    const own = declared.filter(({ sourceId }) => sourceId === id);
    if (own.length === 0) return [];
    const slug = getName(slugs, id);
    const entries = own.map((drafted): Entry => {
      const { row, sinkId, owner } = drafted;
      const resource = getBaseName(drafted);
      const connectionTypes = getDeclarableTypes(row);
      return {
        resource: form === "single" ? reserveName(taken, resource, row.id) : resource,
        sink: getName(labels, sinkId),
        sinkOrgId: sinkId,
        live: row,
        ...(owner && { owner }),
        ...(connectionTypes && { connectionTypes }),
      };
    });
    return [
      {
        label: getName(labels, id),
        id,
        ...(source !== undefined && { source }),
        resource: form === "set" ? reserveName(taken, slug, id) : slug,
        entries: entries.toSorted(compareBy(({ resource }) => resource)),
        hasOmitted: live.connections.filter((row) => row.source?.id === id).length > own.length,
      },
    ];
  });
  const sinks = [...new Set(declared.map(({ sinkId }) => sinkId))];
  return {
    form,
    ...(formerTool && { formerTool }),
    adopt,
    destinations: sinks
      .map((id) => ({ label: getName(labels, id), id }))
      .toSorted(compareBy(({ label }) => label)),
    sources: sources.toSorted(compareBy(({ resource }) => resource)),
    count: declared.length,
    remaining: omitted.remaining,
    remarks: formatRemarks({
      ...omitted,
      declared: declared.map(({ row }) => row),
      labels,
      fromName: from?.name ?? "",
    }),
    complete: omitted.unchecked.length + omitted.unreadable.length + omitted.possiblyLive.length === 0,
  };
}

const createAliasedSetError = (name = "The state"): Error =>
  new Error(
    `${name} contains connections of @pulumi/datadog. Each moves by an alias of its own resource, but a set is one resource. ` +
      "Omit --form set. Once the connections have moved, a set can adopt them.",
  );

/** Lists all organizations that were read or have a connection, with their known names. */
function listOrganizations(
  { organizations, connections }: LiveConnections,
  sourceNames: SourceNames,
): NamedOrganization[] {
  const names = new Map<string, string | undefined>();
  const addName = (id: string | undefined, name: string | undefined) => {
    if (id !== undefined) names.set(id, names.get(id) ?? name);
  };
  for (const { id, name } of organizations) addName(id, name);
  for (const { source, sink } of connections) for (const end of [source, sink]) addName(end?.id, end?.name);
  return [...names].map(([id, name]) => {
    const configured = sourceNames.get(id);
    return { id, ...(name !== undefined && { name }), ...(configured !== undefined && { configured }) };
  });
}

function compareBy<T>(getText: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (getText(a) < getText(b) ? -1 : Number(getText(a) > getText(b)));
}
