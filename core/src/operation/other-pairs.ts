import * as v from "valibot";

/**
 * The name of an internal input. The constructor of an `OrgConnectionSet` that is or may be exclusive adds the input. The input
 * contains the pairs of the program's other resources, except resources that certainly belong to other organizations. The input is
 * not stored in the state.
 */
export const OTHER_PAIRS = "__otherPairs";

const otherPairsSchema = v.object({
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: v.string(),
  /** The `source` of the resource: `null` for the default organization, omitted while unknown. */
  source: v.optional(v.nullable(v.string())),
  /** The UUIDs of the destinations; omitted while unknown. */
  sinks: v.optional(v.array(v.string())),
});

/** The pairs that one resource of the program declares. */
export type ResourcePairs = v.InferOutput<typeof otherPairsSchema>;

const inputSchema = v.pipe(v.string(), v.parseJson(), v.array(otherPairsSchema));

/** Parses the internal input of a set. Returns an empty list if the input is missing, unknown or invalid. */
export function parseOtherPairs(value: unknown): ResourcePairs[] {
  const parsed = v.safeParse(inputSchema, value);
  return parsed.success ? parsed.output : [];
}
