import { formatJson } from "../../shared/json.js";
import type { Topology } from "../../topology/topology.js";

/** The topology as JSON, for other programs: organizations, connections, and the stacks that were looked at. */
export function jsonOf(topology: Topology): string {
  return `${formatJson(topology, 2)}\n`;
}
