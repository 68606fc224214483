import { normalise } from "../inputs.js";
import type { Failure, Wanted } from "../types.js";
import { UNKNOWN } from "../types.js";
import type { WantedSet } from "./types.js";

const INPUTS = ["source", "connections", "exclusive", "adopt", "reason"];

/** Inputs of a set brought into one form, and what is wrong with them. */
export interface NormalisedSet {
  wanted: WantedSet;
  failures: Failure[];
}

/** Normalises and validates the inputs of a set: each destination by the rules of a single connection. */
export function normaliseSet(raw: Readonly<Record<string, unknown>>): NormalisedSet {
  const failures: Failure[] = Object.keys(raw)
    .filter((name) => !INPUTS.includes(name) && !name.startsWith("__") && raw[name] != null)
    .map((property) => ({
      property,
      reason: `is no input of an OrgConnectionSet. Its inputs are ${INPUTS.join(", ")}.`,
    }));
  const { source, adopt, reason } = raw;
  const common = normalise({ source, adopt, reason, sinkOrgId: UNKNOWN });
  failures.push(...common.failures);
  const exclusive = normalise({ adopt: raw["exclusive"], sinkOrgId: UNKNOWN });
  failures.push(...exclusive.failures.map(({ reason: why }) => ({ property: "exclusive", reason: why })));
  const connections = connectionsOf(raw["connections"], failures);
  return {
    wanted: {
      ...(common.wanted.source !== undefined && { source: common.wanted.source }),
      connections,
      ...(common.wanted.adopt !== undefined && { adopt: common.wanted.adopt }),
      ...(common.wanted.reason !== undefined && { reason: common.wanted.reason }),
      ...(exclusive.wanted.adopt !== undefined && { exclusive: exclusive.wanted.adopt }),
    },
    failures,
  };
}

/** Whether the destinations are not known yet. */
export const isUnknown = ({ connections }: { connections?: unknown }): boolean => connections === UNKNOWN;

function connectionsOf(value: unknown, failures: Failure[]): Record<string, string[]> {
  if (value === UNKNOWN) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    failures.push({
      property: "connections",
      reason: `must be an object: the UUID of each destination, and its types, such as { "4dee724d-…": ["logs"] }.`,
    });
    return {};
  }
  const connections = new Map<string, string[]>();
  for (const [sink, types] of Object.entries(value)) {
    const property = `connections["${sink}"]`;
    const { wanted, failures: problems } = normalise({ sinkOrgId: sink, connectionTypes: types as unknown });
    failures.push(...problems.map(({ reason }) => ({ property, reason })));
    if (types == null)
      failures.push({ property, reason: "names no types. A set manages the types of each." });
    if (connections.has(wanted.sinkOrgId)) failures.push({ property, reason: "stands there twice." });
    connections.set(wanted.sinkOrgId, wanted.connectionTypes ?? []);
  }
  return Object.fromEntries([...connections].sort(([a], [b]) => (a < b ? -1 : 1)));
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
