import * as v from "valibot";
import { definedOnly } from "datadog-org-connections-core/connection/records.js";
import { identify, resourcesIn, type Form, type UnreadableResource } from "./resources.js";
import { isUntold, toldText } from "./told.js";

export { NOT_READ, nameOf, stackOf } from "./resources.js";
export type { UnreadableResource } from "./resources.js";

/** A connection that a stack manages: by a resource of its own, or as a member of a set. */
export interface ManagedConnection {
  /** UUID of the connection. */
  id: string;
  /** URN of the resource. */
  urn: string;
  /** The resource's name in the program. */
  name: string;
  form: Form;
  /** The name whose keys are used; none for the default organization. */
  source?: string;
  /** `source` is a secret: whose keys are used is not told. */
  isSourceUntold?: true;
  sourceOrgId?: string;
  sourceOrgName?: string;
  /** None: a secret. */
  sinkOrgId?: string;
  sinkOrgName?: string;
  /** Sorted, as last seen live; none: a secret. */
  connectionTypes?: string[];
  unmanagedTypes: boolean;
  /** RFC 3339. */
  createdAt?: string;
  /** UUID of the user. */
  createdBy?: string;
  adopt: boolean;
  reason?: string;
  protect: boolean;
}

/** What stacks manage, and the resources of ours of which that cannot be read. */
export interface Managed {
  connections: ManagedConnection[];
  unreadable: UnreadableResource[];
}

/** What one resource holds; `unreadable`: it may hold more than the connections. */
export interface Holding {
  connections: ManagedConnection[];
  unreadable?: UnreadableResource;
}

// What a stack holds is read field by field: a field of another shape (a secret, say, which is an object) is not told.
const text = v.pipe(v.unknown(), v.transform(toldText));
const flag = v.fallback(v.optional(v.boolean()), undefined);
const fields = v.fallback(v.record(v.string(), v.unknown()), {});
const types = v.pipe(v.unknown(), v.transform(typesTold));
const outputs = v.object({
  source: v.optional(v.unknown()),
  sourceOrgId: v.optional(text),
  sourceOrgName: v.optional(text),
  adopt: flag,
  reason: v.optional(text),
});
const single = v.object({
  sinkOrgId: v.optional(text),
  sinkOrgName: v.optional(text),
  connectionTypes: v.optional(types),
  unmanagedTypes: flag,
  createdAt: v.optional(text),
  createdBy: v.optional(text),
});
const uuid = v.pipe(v.string(), v.uuid());
const isNoList = v.check((value: Record<string, unknown>) => !Array.isArray(value));
const set = v.object({
  connections: fields,
  // Whatever is not of this form makes the set one that is not read completely.
  members: v.fallback(v.optional(v.pipe(v.record(v.string(), v.unknown()), isNoList)), undefined),
  strangers: fields,
});
const member = v.object({
  id: v.pipe(text, v.string(), v.nonEmpty()),
  sinkOrgName: v.optional(text),
  createdAt: v.optional(text),
  createdBy: v.optional(text),
});
const hidden = v.object({ external: flag, delete: flag });

/**
 * The connections that a stack manages, from what `pulumi stack export` prints. Views (`OrgConnection.get`) and
 * resources that wait for their deletion are no part of it.
 * @throws an error that says what the text should be
 */
export function managedConnections(exported: unknown): Managed {
  const held = resourcesIn(exported).flatMap((one) => {
    const { external, delete: isEnding } = v.parse(v.fallback(hidden, {}), one);
    const own = identify(one);
    return own && external !== true && isEnding !== true ? [readResource(own, one)] : [];
  });
  return joinManaged(held);
}

/** What several resources or stacks hold. */
export function joinManaged(all: readonly (Holding | Managed)[]): Managed {
  return {
    connections: all.flatMap(({ connections }) => connections),
    unreadable: all.flatMap(({ unreadable = [] }) => unreadable),
  };
}

const resource = v.object({
  id: v.optional(text),
  outputs: fields,
  protect: flag,
});

type Common = Pick<
  ManagedConnection,
  | ("urn" | "name" | "form" | "protect" | "adopt" | "reason")
  | ("source" | "isSourceUntold" | "sourceOrgId" | "sourceOrgName")
>;

/** What a resource of ours, in a state or a preview, says of its connections. */
export function readResource(own: UnreadableResource, resourceState: unknown): Holding {
  const parsed = v.safeParse(resource, resourceState);
  if (!parsed.success) return { connections: [], unreadable: own };
  const { id, outputs: told, protect } = parsed.output;
  const { source, adopt, ...ends } = v.parse(outputs, told);
  const isSourceUntold = source !== undefined && source !== null && toldText(source) === undefined;
  const common = definedOnly<Common>({
    urn: own.urn,
    name: own.name,
    form: own.form,
    protect: protect === true,
    ...ends,
    source: toldText(source),
    isSourceUntold: isSourceUntold ? (true as const) : undefined,
    adopt: adopt === true,
  });
  if (own.form === "set") return membersOf(common, told, own);
  if (id === undefined || id === "") return { connections: [], unreadable: own };
  const { unmanagedTypes, ...rest } = v.parse(single, told);
  const connection = { ...common, ...rest, id, unmanagedTypes: unmanagedTypes === true };
  return { connections: [definedOnly<ManagedConnection>(connection)] };
}

function membersOf(common: Common, told: Record<string, unknown>, own: UnreadableResource): Holding {
  const { connections: declared, members, strangers } = v.parse(set, told);
  if (!members) return { connections: [], unreadable: own };
  // What a set shares with is a member of it, or was found undeclared. A secret has keys of its own.
  const isComplete = Object.keys(declared).every(
    (sink) => !v.is(uuid, sink) || Object.hasOwn(members, sink) || Object.hasOwn(strangers, sink),
  );
  const read = Object.entries(members).map(([sinkOrgId, one]) => {
    const parsed = v.safeParse(member, one);
    return parsed.success
      ? definedOnly<ManagedConnection>({
          ...common,
          ...parsed.output,
          sinkOrgId,
          connectionTypes: typesTold(declared[sinkOrgId]),
          unmanagedTypes: false,
        })
      : undefined;
  });
  const connections = read.filter((one) => one !== undefined);
  return { connections, ...((!isComplete || connections.length < read.length) && { unreadable: own }) };
}

/** The types of a list of which every part is told. */
export function typesTold(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((type): type is string => typeof type === "string" && !isUntold(type));
  return texts.length === value.length ? texts.toSorted() : undefined;
}
