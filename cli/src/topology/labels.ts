import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";
import { formatCount } from "../shared/text.js";
import type { Topology } from "./topology.js";
import type { TopologyLink } from "./group-topology.js";

/** Formats the label of a link: `unmanaged: logs, metrics × 12`. */
export function formatLink({ connectionTypes, connections, managed, drifted, change }: TopologyLink): string {
  const multiplier = connections.length > 1 ? ` × ${connections.length}` : "";
  const notes = [change, managed === false && "unmanaged", drifted && "drifted"].filter(Boolean).join(", ");
  return `${notes === "" ? "" : `${notes}: `}${formatTypes(connectionTypes)}${multiplier}`;
}

/** Formats how many organizations an organization shares with and receives from: `shares with 3, receives from 12`. */
export function formatOrganizationCounts({ organizations, connections }: Topology, index: number): string {
  const id = organizations[index]?.id;
  const to = new Set(
    connections.flatMap(({ sourceOrgId, sinkOrgId }) => (sourceOrgId === id ? [sinkOrgId] : [])),
  );
  const from = new Set(
    connections.flatMap(({ sourceOrgId, sinkOrgId }) => (sinkOrgId === id ? [sourceOrgId] : [])),
  );
  const counts = [to.size > 0 && `shares with ${to.size}`, from.size > 0 && `receives from ${from.size}`];
  return counts.filter(Boolean).join(", ") || "no connection";
}

/** Formats the summary of a topology: `200 organizations, 201 connections; 3 unmanaged, 1 drifted`. */
export function formatSummary({ organizations, connections, stacks }: Topology): string {
  const unmanaged = connections.filter(({ managedBy = [] }) => managedBy.length === 0).length;
  const managed = stacks ? (unmanaged === 0 ? "; all managed" : `; ${unmanaged} unmanaged`) : "";
  const drifted = connections.filter(({ declaredTypes }) => declaredTypes).length;
  const suffix = connections.length === 0 ? "" : `${managed}${drifted === 0 ? "" : `, ${drifted} drifted`}`;
  return `${formatCount(organizations.length, "organization")}, ${formatCount(connections.length, "connection")}${suffix}`;
}
