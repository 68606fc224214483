/** A response as it is, whatever its shape. */
export interface Observation {
  status: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The parsed body, or `undefined` if it is not JSON. */
  json: unknown;
}

/** Returns `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads a value in JSON of any shape. Returns `undefined` if the path leads nowhere. */
export function readPath(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? (current as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** Reads a string. */
export function readString(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = readPath(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** Reads a list. Returns `undefined` for any other value. */
export function readList(value: unknown, ...path: readonly (string | number)[]): unknown[] | undefined {
  const found = readPath(value, ...path);
  return Array.isArray(found) ? found : undefined;
}

/** Describes the kind of a value, without the value. */
export function describeKind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty object" : "an object";
  return typeof value === "string" ? (value === "" ? "an empty string" : "a string") : `a ${typeof value}`;
}

/** Whether a status is a success. */
export const isSuccess = (observation: Observation | undefined): observation is Observation =>
  observation !== undefined && observation.status >= 200 && observation.status < 300;

/** Finds the connection in the response to a write, also if it is in a list. */
export function findConnection(observation: Pick<Observation, "json"> | undefined): unknown {
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
  readId(readPath(row, "relationships", end, "data"))?.toLowerCase();

/** Reads the types of a connection, sorted. Returns `undefined` unless they are a list of strings. */
export function readTypes(row: unknown): string[] | undefined {
  const types = readList(row, "attributes", "connection_types");
  return types?.every((type): type is string => typeof type === "string") ? [...types].sort() : undefined;
}

/** What the gateway needs of a connection in a response. */
export interface Row {
  id: string;
  /** Missing, like the next two, if the response has no such string. */
  createdAt: string | undefined;
  sourceOrgId: string | undefined;
  sinkOrgId: string | undefined;
}

/** Parses the connection in the response to a create. Returns `undefined` for another body. */
export function parseCreated(body: string): Row | undefined {
  return toRow(findConnection({ json: parseJson(body) }));
}

/** Parses a page of connections. Returns `undefined` for another body. */
export function parseRows(body: string): Row[] | undefined {
  const rows = findRows(parseJson(body))?.map(toRow);
  return rows?.every((row) => row !== undefined) ? rows : undefined;
}

/** Whatever is not as expected is missing: a run must also find and delete its connections in an API that deviates. */
function toRow(row: unknown): Row | undefined {
  const id = readId(row)?.toLowerCase();
  return id === undefined
    ? undefined
    : {
        id,
        createdAt: readString(row, "attributes", "created_at"),
        sourceOrgId: readEnd(row, "source_org"),
        sinkOrgId: readEnd(row, "sink_org"),
      };
}

/** Finds the list of connections: `data`, or else the body itself or its only list that is not `included`. */
function findRows(json: unknown): unknown[] | undefined {
  if (Array.isArray(json)) return json as unknown[];
  if (typeof json !== "object" || json === null) return undefined;
  const lists = Object.entries(json).filter(
    (entry): entry is [string, unknown[]] => entry[0] !== "included" && Array.isArray(entry[1]),
  );
  const found = lists.find(([name]) => name === "data") ?? (lists.length === 1 ? lists[0] : undefined);
  return found?.[1];
}

/** The call whose response has the UUID of the calling organization. */
export const CALLER_PATH = "/api/v2/org";

/** Parses the UUID of the calling organization from the response to this call. The response has it twice; one is enough. */
export function parseCallerIds(body: string): string[] {
  const data = readPath(parseJson(body), "data");
  return [data, readPath(data, "relationships", "current_org", "data")].flatMap(
    (reference) => readString(reference, "id")?.toLowerCase() ?? [],
  );
}
