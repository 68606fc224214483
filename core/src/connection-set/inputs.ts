import {
  flagOf,
  gathered,
  Problem,
  sourceOf,
  strangersIn,
  textOf,
  typesOf,
  uuidOf,
} from "../connection/one-input.js";
import { UNKNOWN, type Failure, type Wanted } from "../connection/types.js";
import type { WantedSet } from "./types.js";

const INPUTS = ["source", "connections", "exclusive", "adopt", "reason"];

/** Inputs of a set brought into one form, and what is wrong with them. */
export interface NormalisedSet {
  wanted: WantedSet;
  failures: Failure[];
}

/** Normalises and validates the inputs of a set: each destination by the rules of a single connection. */
export function normaliseSet(raw: Readonly<Record<string, unknown>>): NormalisedSet {
  const { values, failures } = gathered<Omit<WantedSet, "connections">>({
    source: sourceOf(raw["source"]),
    exclusive: flagOf(raw["exclusive"]),
    adopt: flagOf(raw["adopt"]),
    reason: textOf(raw["reason"]),
  });
  const { connections, failures: ofConnections } = connectionsOf(raw["connections"]);
  return {
    wanted: { ...values, connections },
    failures: [...strangersIn(raw, INPUTS, "OrgConnectionSet"), ...failures, ...ofConnections],
  };
}

/** Whether the destinations are not known yet. */
export const isUnknown = ({ connections }: { connections?: unknown }): boolean => connections === UNKNOWN;

function connectionsOf(value: unknown): { connections: Record<string, string[]>; failures: Failure[] } {
  if (value === UNKNOWN) return { connections: {}, failures: [] };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const what = `the UUID of each destination, and its types, such as { "4dee724d-…": ["logs"] }`;
    const failure = { property: "connections", reason: `must be an object: ${what}.` };
    return { connections: {}, failures: [failure] };
  }
  const connections = new Map<string, string[]>();
  const failures: Failure[] = [];
  for (const [sink, declared] of Object.entries(value as Record<string, unknown>)) {
    const refuse = (reason: string) => failures.push({ property: `connections["${sink}"]`, reason });
    const uuid = uuidOf(sink);
    const types = typesOf(declared);
    if (types instanceof Problem) refuse(types.reason);
    if (types === undefined) refuse("names no types. A set manages the types of each.");
    if (uuid instanceof Problem) {
      refuse(uuid.reason);
    } else {
      if (connections.has(uuid)) refuse("stands there twice.");
      connections.set(uuid, Array.isArray(types) ? types : []);
    }
  }
  return {
    connections: Object.fromEntries([...connections].sort(([a], [b]) => (a < b ? -1 : 1))),
    failures,
  };
}

/** One destination of a set, as a single connection would be wanted. */
export function single({ source, connections, adopt }: WantedSet, sinkOrgId: string): Wanted {
  return {
    ...(source !== undefined && { source }),
    sinkOrgId,
    connectionTypes: connections[sinkOrgId] ?? [],
    ...(adopt !== undefined && { adopt }),
  };
}
