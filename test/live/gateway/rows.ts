import * as v from "valibot";

const lowerCase = v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.toLowerCase());
/** Whatever is not as expected is missing: a run must also find and delete its connections in an API that deviates. */
const reference = v.fallback(v.optional(v.object({ data: v.object({ id: lowerCase }) })), undefined);

/** The fields of a connection that the gateway needs. */
const rowSchema = v.object({
  id: lowerCase,
  attributes: v.fallback(v.object({ created_at: v.fallback(v.optional(v.string()), undefined) }), {
    created_at: undefined,
  }),
  relationships: v.fallback(v.object({ source_org: reference, sink_org: reference }), {
    source_org: undefined,
    sink_org: undefined,
  }),
});

/** The connection in the response to a create, also if it is in a list. */
const createdSchema = v.object({
  data: v.union([
    rowSchema,
    v.pipe(
      v.tuple([rowSchema]),
      v.transform(([row]) => row),
    ),
  ]),
});

/** One connection in a response. */
export interface Row {
  id: string;
  /** Missing, like the next two, if the response has no such string. */
  createdAt: string | undefined;
  sourceOrgId: string | undefined;
  sinkOrgId: string | undefined;
}

/** Parses the connection in the response to a create. Returns `undefined` for another body. */
export function parseCreated(body: string): Row | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), createdSchema), body);
  return parsed.success ? toRow(parsed.output.data) : undefined;
}

/** Parses a page of connections. Returns `undefined` for another body. */
export function parseRows(body: string): Row[] | undefined {
  const schema = v.pipe(v.string(), v.parseJson(), v.transform(findRows), v.array(rowSchema));
  const parsed = v.safeParse(schema, body);
  return parsed.success ? parsed.output.map(toRow) : undefined;
}

/** Finds the list of connections: `data`, or else the body itself or its only list that is not `included`. */
export function findRows(json: unknown): unknown[] | undefined {
  if (Array.isArray(json)) return json as unknown[];
  if (typeof json !== "object" || json === null) return undefined;
  const lists = Object.entries(json).filter(
    (entry): entry is [string, unknown[]] => entry[0] !== "included" && Array.isArray(entry[1]),
  );
  const found = lists.find(([name]) => name === "data") ?? (lists.length === 1 ? lists[0] : undefined);
  return found?.[1];
}

const toRow = ({ id, attributes, relationships }: v.InferOutput<typeof rowSchema>): Row => ({
  id,
  createdAt: attributes.created_at,
  sourceOrgId: relationships.source_org?.data.id,
  sinkOrgId: relationships.sink_org?.data.id,
});
