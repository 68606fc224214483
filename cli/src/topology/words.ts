import type { Topology } from "./topology.js";
import type { Link } from "./units.js";

/** `logs, metrics`, or that Datadog chooses. */
export const typesText = (types: readonly string[]): string => types.join(", ") || "types chosen by Datadog";

/** What stands on a line: the types, for how many connections, what changes. */
export function linkText({ connectionTypes, connections, managed, change }: Link): string {
  const many = connections.length > 1 ? ` × ${connections.length}` : "";
  const notes = [change, managed === false && "unmanaged"].filter(Boolean).join(", ");
  return `${notes === "" ? "" : `${notes}: `}${typesText(connectionTypes)}${many}`;
}

/** `shares with 3, receives from 12`. */
export function figuresOf({ organizations, connections }: Topology, at: number): string {
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

/** `1 organization`, `2 organizations`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** `200 organizations, 201 connections; 3 managed by no stack`. */
export function summaryOf({ organizations, connections, stacks }: Topology): string {
  const unmanaged = connections.filter(({ managedBy = [] }) => managedBy.length === 0).length;
  const known = stacks
    ? unmanaged === 0
      ? "; each managed by a stack"
      : `; ${unmanaged} managed by no stack`
    : "";
  const end = connections.length === 0 ? "" : known;
  return `${counted(organizations.length, "organization")}, ${counted(connections.length, "connection")}${end}`;
}
