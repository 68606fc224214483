import { findRows } from "../gateway/rows.js";
import { readList, readPath, readString } from "./read-value.js";
import type { Observation } from "./send-request.js";

/** Whether a status is a success. */
export const isSuccess = (observation: Observation | undefined): observation is Observation =>
  observation !== undefined && observation.status >= 200 && observation.status < 300;

/** Finds the connection in the response to a write, also if it is in a list. */
export function findConnection(observation: Observation | undefined): unknown {
  const data = readPath(observation?.json, "data");
  return Array.isArray(data) ? (data as unknown[])[0] : data;
}

/** Lists the connections in the response to a list. An API that deviates can have them in another field than `data`. */
export const listRows = (observation: Observation | undefined): unknown[] | undefined =>
  isSuccess(observation) ? findRows(observation.json) : undefined;

/** Reads the ID of a connection, as it is. */
export function readId(row: unknown): string | undefined {
  const id = readPath(row, "id");
  return typeof id === "number" ? String(id) : typeof id === "string" ? id : undefined;
}

/** Finds the connection with this ID, in any case. */
export const findRow = (observation: Observation | undefined, id: string | undefined): unknown =>
  id === undefined
    ? undefined
    : listRows(observation)?.find((row) => readId(row)?.toLowerCase() === id.toLowerCase());

/** Reads the UUID of an end of a connection, in lower case. */
export const readEnd = (row: unknown, end: "source_org" | "sink_org"): string | undefined =>
  readString(row, "relationships", end, "data", "id")?.toLowerCase();

/** Reads the types of a connection, sorted. Returns `undefined` unless they are a list of strings. */
export function readTypes(row: unknown): string[] | undefined {
  const types = readList(row, "attributes", "connection_types");
  return types?.every((type): type is string => typeof type === "string") ? [...types].sort() : undefined;
}
