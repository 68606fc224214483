import { formatCount } from "../shared/text.js";
import type { Topology } from "./topology.js";
import type { Link } from "./units.js";

/** `logs, metrics`, or that Datadog chooses. */
export const formatTypes = (types: readonly string[]): string =>
  types.join(", ") || "types chosen by Datadog";

/** What stands on a line: the types, for how many connections, what changes. */
export function formatLink({ connectionTypes, connections, managed, change }: Link): string {
  const many = connections.length > 1 ? ` × ${connections.length}` : "";
  const notes = [change, managed === false && "unmanaged"].filter(Boolean).join(", ");
  return `${notes === "" ? "" : `${notes}: `}${formatTypes(connectionTypes)}${many}`;
}

/** `shares with 3, receives from 12`. */
export function formatFigures({ organizations, connections }: Topology, at: number): string {
  const id = organizations[at]?.id;
  const to = new Set(
    connections.flatMap(({ sourceOrgId, sinkOrgId }) => (sourceOrgId === id ? [sinkOrgId] : [])),
  );
  const from = new Set(
    connections.flatMap(({ sourceOrgId, sinkOrgId }) => (sinkOrgId === id ? [sourceOrgId] : [])),
  );
  const texts = [to.size > 0 && `shares with ${to.size}`, from.size > 0 && `receives from ${from.size}`];
  return texts.filter(Boolean).join(", ") || "no connection";
}

/** `200 organizations, 201 connections; 3 managed by no stack`. */
export function formatSummary({ organizations, connections, stacks }: Topology): string {
  const unmanaged = connections.filter(({ managedBy = [] }) => managedBy.length === 0).length;
  const known = stacks
    ? unmanaged === 0
      ? "; each managed by a stack"
      : `; ${unmanaged} managed by no stack`
    : "";
  const end = connections.length === 0 ? "" : known;
  return `${formatCount(organizations.length, "organization")}, ${formatCount(connections.length, "connection")}${end}`;
}
