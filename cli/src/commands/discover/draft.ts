import type { LiveConnections, LiveConnection } from "../../live/read-live.js";
import {
  getDeclarableTypes,
  getFormerName,
  groupConnections,
  requireNoPendingDeletions,
  type DraftConnection,
  type DraftInputs,
  type FormerOwner,
  type FormerTool,
  type SourceNames,
} from "./group-connections.js";
import { isOwnTool, type ResourceRef } from "../../stack/resources.js";
import { formatRemarks } from "./remarks.js";

export type { DraftInputs } from "./group-connections.js";

/** `single`: one resource for each connection; `set`: one resource for each organization. */
export type Form = "single" | "set";

/** How a draft is written. `program`: a program in the language of `--language`; `import`: a file for `pulumi import --file`. */
export type Format = "program" | "import";

/** One connection that the program declares. */
export interface Entry {
  /** In the form `single`, the name of the resource. In the form `set`, this value only determines the order of the entries. */
  resource: string;
  /** The label of the destination in the program. */
  sink: string;
  /** UUID of the destination. */
  sinkOrgId: string;
  /** If absent, the types are unspecified. */
  connectionTypes?: string[];
  live: LiveConnection;
  /** The resource that manages the connection in the state of `--from`. */
  owner?: FormerOwner;
}

/** The connections of one source organization. */
export interface SourceEntries {
  /** The label of the organization in the program. */
  label: string;
  /** Its UUID. */
  id: string;
  /** Its name in the program (`source`). Left out for the default organization. */
  source?: string;
  /** In the form `set`, the name of the set. In the form `single`, this value only determines the order of the sources. */
  resource: string;
  /** Sorted by `resource`. */
  entries: Entry[];
  /** Whether the program omits live connections from this organization. */
  hasOmitted: boolean;
}

/** What `discover` writes as a program or an import file: the resources that declare what is live. */
export interface Draft {
  form: Form;
  /** The tool that manages the connections in the state of `--from`. Left out without `--from`, or if no connection is declared. */
  formerTool?: FormerTool;
  /**
   * Whether the resources adopt the connections. In a program, connections of `@pulumi/datadog` move by an alias instead. If the
   * alias did not match, a new resource with `adopt` would adopt the connection. Then the engine would delete the old resource and
   * the connection.
   */
  adopt: boolean;
  /** The destination organizations of the connections, sorted by label. */
  destinations: { label: string; id: string }[];
  /** Sorted by `resource`. */
  sources: SourceEntries[];
  /** The count of declared connections. */
  count: number;
  /** The resources that have to stay in the state of `--from`: all except those whose connection moves or is gone. */
  remaining: readonly ResourceRef[];
  /** What a reader must know about the program, such as what it does not include and why. */
  remarks: string[];
  /** Whether `remarks` reports no organization as NOT CHECKED, no resource as NOT READ, and no connection as NOT VERIFIED. */
  complete: boolean;
}

/**
 * Creates the draft for the live connections. It includes only connections whose source was checked, because a connection is
 * managed with the credentials of its source. Connections that the stacks already manage are omitted.
 *
 * @throws if the connections of the state of `--from` cannot move to resources of this form
 * @throws if the state of `--from` has a pending deletion of a live connection
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
  // The program may be added to a stack of --stack or --from. Some connections of --from may have moved already. So the resource
  // names in the program must differ from the names of the resources in these stacks, except those of other tools. `__proto__` is
  // excluded, because it would set the prototype in an object literal.
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
    `${name} contains connections of @pulumi/datadog. An alias moves one connection to one resource, so they cannot move to a set. ` +
      "Omit --form set. Once the connections have moved, a set can adopt them.",
  );

/** Lists the organizations that were read or have a connection, with their names if these are known. */
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

function compareBy<T>(getKey: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (getKey(a) < getKey(b) ? -1 : Number(getKey(a) > getKey(b)));
}

/** An organization that a program may name. */
interface NamedOrganization {
  /** UUID. */
  id: string;
  /** Its name in Datadog, if known. */
  name?: string;
  /** The name under which its credentials are configured. */
  configured?: string;
}

/**
 * Creates a label for each organization, for use in the program, and returns the labels by UUID. A label is the organization's name in
 * Datadog. If the name is not unique or is `__proto__`, the UUID is added. If the name is unknown or blank, the label is the UUID.
 */
function createLabels(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ name = "" }) => (name.trim() === "" ? "" : name),
    (name, id) => `${name} (${id})`,
  );
}

/**
 * Creates a slug, such as `payments` or `acme-observability`, for each organization, and returns the slugs by UUID. They are
 * for use in resource names. The configured name takes precedence over the name in Datadog.
 */
function createSlugs(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ configured, name = "" }) => toSlug(configured ?? name),
    (name, id) => `${name}-${id}`,
  );
}

/** Reserves a name that is not taken: `name`, or `name` with `id`, or `name` with `id` and a number. */
export function reserveName(taken: Set<string>, name: string, id: string): string {
  let free = name;
  for (let number = 1; taken.has(free); number++) free = `${name}-${id}${number === 1 ? "" : `-${number}`}`;
  taken.add(free);
  return free;
}

/** The maximum length of an organization's name in a resource name, in characters. */
const MAX_LENGTH = 60;

function toSlug(name: string): string {
  const plain = name
    .normalize("NFKD")
    // Accents are removed. Other marks, such as the vowel signs of Hindi, are part of their letters.
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-/, "");
  return Array.from(plain).slice(0, MAX_LENGTH).join("").replace(/-$/, "");
}

/**
 * Creates a name for each organization, and returns the names by UUID. The UUID is added to a base name that is not unique, or that has a
 * special meaning in an object literal. If the base name is empty, the UUID is the name.
 */
function createUniqueNames(
  organizations: readonly NamedOrganization[],
  getBaseName: (organization: NamedOrganization) => string,
  formatNameAndId: (name: string, id: string) => string,
): Map<string, string> {
  const idsByName = new Map<string, Set<string>>();
  for (const organization of organizations) {
    const name = getBaseName(organization);
    idsByName.set(name, (idsByName.get(name) ?? new Set()).add(organization.id));
  }
  const taken = new Set<string>();
  const getName = (organization: NamedOrganization): string => {
    const name = getBaseName(organization);
    if (name === "") return organization.id;
    return name === "__proto__" || idsByName.get(name)?.size !== 1
      ? formatNameAndId(name, organization.id)
      : name;
  };
  return new Map(organizations.map((one) => [one.id, reserveName(taken, getName(one), one.id)]));
}
