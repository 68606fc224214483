import { FLAG_INPUTS, TEXT_INPUTS } from "datadog-org-connections-core/connection-set/fields.js";
import {
  type ConnectionTypes,
  isUnknownValue,
  NOT_YET_KNOWN,
  getKnownValue,
  type MaybeKnown,
} from "../stack/resource-state.js";
import type { StateChange } from "./change.js";
import {
  createOrganizationRef,
  readSource,
  type ResourceConnection,
  type UnreadableConnections,
} from "./resource-connections.js";
import { isPlugin } from "../stack/resources.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import { UNKNOWN_TYPES, type SharedData } from "./shared-data.js";

/** A connection that the program declares. */
export interface DeclaredConnection {
  shared: SharedData;
  adopt: boolean;
  reason?: string | undefined;
  protect: boolean;
  /** Whether it is unknown which connections the set declares. If so, the set may declare any connections, or none. */
  destinationsUnknown: boolean;
  /** Whether the source becomes known only during the `up`. If so, the source may be another organization than before. */
  isSourceNotYetKnown?: boolean;
}

/**
 * Lists the connections that a resource in the program declares. If the preview does not show the inputs of the resource, returns
 * one connection about which nothing is known.
 */
export function listDeclaredConnections({
  declared,
  resource,
  op,
}: Pick<ResourceTimeline, "declared" | "resource" | "op">): DeclaredConnection[] {
  const { form, location } = resource;
  if (!declared) {
    const shared = { source: {}, sink: {}, ...UNKNOWN_TYPES };
    return [{ adopt: false, protect: false, destinationsUnknown: form === "set", shared }];
  }
  const { source, adopt, reason, connections, sinkOrgId, connectionTypes } = declared.inputs;
  // In the preview of a create, the plugin may already have read the UUID of the source from Datadog.
  const sourceOrgId = op === "create" && isPlugin(declared) ? declared.outputs.sourceOrgId : undefined;
  const buildDeclared = (
    id: string | undefined,
    types: ConnectionTypes,
    destinationsUnknown = false,
  ): DeclaredConnection => ({
    adopt: adopt === true,
    reason: getKnownValue(reason),
    protect: declared.protect,
    destinationsUnknown,
    // False for a secret source. The preview hides its value, but the engine knows it, so the preview shows a replacement if one is
    // needed.
    isSourceNotYetKnown: source === NOT_YET_KNOWN,
    shared: {
      source: readSource({ source, sourceOrgId }, { resource, state: declared }),
      sink: createOrganizationRef({ id, location }),
      ...types,
    },
  });
  if (form === "single") return [buildDeclared(sinkOrgId, connectionTypes)];
  // If the destinations cannot be read, the set may have any destinations.
  if (connections === undefined || isUnknownValue(connections))
    return [buildDeclared(undefined, UNKNOWN_TYPES, true)];
  return connections.map(({ sinkOrgId: sink, types }) => buildDeclared(sink, types));
}

/**
 * Lists the properties of a resource that change only in the state.
 *
 * @param current - the connection before the change
 */
export function listStateChanges(
  { refreshedState, declared, resource: { form } }: ResourceTimeline,
  current: ResourceConnection | UnreadableConnections | undefined,
): StateChange[] {
  if (!refreshedState || !declared) return [];
  const changes = [...TEXT_INPUTS, ...FLAG_INPUTS].flatMap((property): StateChange[] => {
    const before = refreshedState.inputs[property];
    const after = declared.inputs[property];
    // Only the engine knows whether one unknown value differs from another.
    if (before === after || (isUnknownValue(before) && isUnknownValue(after))) return [];
    return [{ property, before: formatValue(before), after: formatValue(after) }];
  });
  if (refreshedState.protect !== declared.protect) {
    changes.push({ property: "protect", before: refreshedState.protect, after: declared.protect });
  }
  const typesUnspecified = form === "single" && declared.inputs.connectionTypes.openTypes === "unspecified";
  if (current && current.typesUnspecified !== typesUnspecified) {
    const format = (isUnspecified: boolean) => (isUnspecified ? "unspecified" : "set by the program");
    changes.push({
      property: "connectionTypes",
      before: format(current.typesUnspecified),
      after: format(typesUnspecified),
    });
  }
  return changes;
}

const formatValue = (value: MaybeKnown<string | boolean>): string | boolean | undefined =>
  isUnknownValue(value) ? "(not shown by the preview)" : value;
