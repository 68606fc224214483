import * as v from "valibot";
import { definedOnly } from "../lifecycle/records.js";
import { SET_TYPE, SINGLE_TYPE } from "./type-tokens.js";

/** A connection that a stack manages: by a resource of its own, or as a member of a set. */
export interface ManagedConnection {
  /** UUID of the connection. */
  id: string;
  /** URN of the resource. */
  urn: string;
  /** The resource's name in the program. */
  name: string;
  form: "single" | "set";
  /** The name whose keys are used; none for the default organization. */
  source?: string;
  sourceOrgId?: string;
  sourceOrgName?: string;
  sinkOrgId: string;
  sinkOrgName?: string;
  /** Sorted, as last seen live. */
  connectionTypes: string[];
  unmanagedTypes: boolean;
  /** RFC 3339. */
  createdAt?: string;
  /** UUID of the user. */
  createdBy?: string;
  adopt: boolean;
  reason?: string;
  protect: boolean;
}

// What a stack holds is read field by field: a field of another shape (a secret, say, which is an object) is left out.
const text = v.fallback(v.optional(v.string()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const types = v.fallback(v.array(v.string()), []);
const outputs = {
  source: text,
  sourceOrgId: text,
  sourceOrgName: text,
  adopt: flag,
  reason: text,
};
const single = v.object({
  ...outputs,
  sinkOrgId: v.string(),
  sinkOrgName: text,
  connectionTypes: types,
  unmanagedTypes: flag,
  createdAt: text,
  createdBy: text,
});
const set = v.object({
  ...outputs,
  connections: v.record(v.string(), types),
  members: v.record(
    v.string(),
    v.object({ id: v.string(), sinkOrgName: text, createdAt: text, createdBy: text }),
  ),
});
const resource = v.object({
  urn: v.string(),
  type: v.string(),
  id: text,
  outputs: v.optional(v.unknown()),
  protect: flag,
  external: flag,
  delete: flag,
});
const deployment = v.object({ deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }) });

/**
 * The connections that a stack manages, from what `pulumi stack export` prints. Views (`OrgConnection.get`) and
 * resources that wait for their deletion are no part of it.
 * @throws an error that says what the text should be
 */
export function managedConnections(exported: unknown): ManagedConnection[] {
  const parsed = v.safeParse(deployment, exported);
  if (!parsed.success) throw new Error("That is no state of a stack: `pulumi stack export` prints one.");
  return parsed.output.deployment.resources.flatMap((one) => {
    const known = v.safeParse(resource, one);
    if (!known.success || known.output.external === true || known.output.delete === true) return [];
    return connectionsOf(known.output);
  });
}

/** What a resource of a stack, in a state or a preview, says of its connections; none when it is no resource of ours. */
export function connectionsOf(one: {
  urn: string;
  type: string;
  id?: string | undefined;
  outputs?: unknown;
  protect?: boolean | undefined;
}): ManagedConnection[] {
  const common = { urn: one.urn, name: nameOf(one.urn), protect: one.protect === true };
  if (one.type === SINGLE_TYPE) {
    const parsed = v.safeParse(single, one.outputs);
    if (!parsed.success || one.id === undefined) return [];
    const { unmanagedTypes, adopt, connectionTypes, ...rest } = parsed.output;
    return [
      definedOnly({
        ...common,
        ...rest,
        form: "single" as const,
        id: one.id,
        connectionTypes: connectionTypes.toSorted(),
        unmanagedTypes: unmanagedTypes === true,
        adopt: adopt === true,
      }),
    ];
  }
  if (one.type !== SET_TYPE) return [];
  const parsed = v.safeParse(set, one.outputs);
  if (!parsed.success) return [];
  const { connections, members, adopt, ...rest } = parsed.output;
  return Object.entries(members).map(([sinkOrgId, member]) =>
    definedOnly({
      ...common,
      ...rest,
      ...member,
      form: "set" as const,
      sinkOrgId,
      connectionTypes: (connections[sinkOrgId] ?? []).toSorted(),
      unmanagedTypes: false,
      adopt: adopt === true,
    }),
  );
}

/** The stack of a resource, as `project/stack`, from its URN. */
export function stackOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The name of a resource, from its URN: what stands behind its third `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
