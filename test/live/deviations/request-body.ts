import * as v from "valibot";

const typesBodySchema = v.object({
  data: v.looseObject({ attributes: v.looseObject({ connection_types: v.unknown() }) }),
});
const bodySchema = v.looseObject({ data: v.looseObject({}) });
const sinkBodySchema = v.object({
  data: v.object({
    relationships: v.object({ sink_org: v.object({ data: v.object({ id: v.string() }) }) }),
  }),
});
const stringsSchema = v.array(v.string());

/** The types of the OpenAPI specification. */
const DOCUMENTED_TYPES = ["logs", "metrics", "audit"];

/** Finds the types in the body of a create or an update, of any form. Returns `undefined` if it has none. */
function findTypes(body: unknown): unknown {
  const parsed = v.safeParse(typesBodySchema, body);
  return parsed.success ? (parsed.output.data.attributes.connection_types ?? undefined) : undefined;
}

/** Parses the types in the body of a create or an update. Returns `undefined` if it has none, or they are malformed. */
export function parseTypes(body: unknown): string[] | undefined {
  const parsed = v.safeParse(stringsSchema, findTypes(body));
  return parsed.success ? parsed.output : undefined;
}

/** Describes the types in the body of a create or an update. */
export function describeTypes(
  body: unknown,
): "none" | "malformed" | "empty" | "repeated" | "unknown" | "documented" {
  const types = parseTypes(body);
  if (!types) return findTypes(body) === undefined ? "none" : "malformed";
  if (types.length === 0) return "empty";
  if (types.some((type) => !/^[a-z_]+$/.test(type))) return "malformed";
  if (new Set(types).size < types.length) return "repeated";
  return types.every((type) => DOCUMENTED_TYPES.includes(type)) ? "documented" : "unknown";
}

/** Returns the body with other types, or without types. */
export function replaceTypes(body: unknown, types: readonly string[] | undefined): unknown {
  const parsed = v.safeParse(bodySchema, body);
  if (!parsed.success) return body;
  const attributes = types === undefined ? {} : { connection_types: types };
  return { ...parsed.output, data: { ...parsed.output.data, attributes } };
}

/** Parses the destination in the body of a create. */
export function parseSinkId(body: unknown): string | undefined {
  const parsed = v.safeParse(sinkBodySchema, body);
  return parsed.success ? parsed.output.data.relationships.sink_org.data.id : undefined;
}
