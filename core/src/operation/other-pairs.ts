import * as v from "valibot";

/**
 * The name of an internal input. It contains the pairs that the other resources of the program declare. The constructor of an exclusive
 * `OrgConnectionSet` sets it. It is not stored in the state.
 */
export const OTHER_PAIRS = "__otherPairs";

const otherPairsSchema = v.object({
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: v.string(),
  /** The name of its source organization in the program; `null` for the default organization, omitted while unknown. */
  source: v.optional(v.nullable(v.string())),
  /** The destinations; omitted while unknown. */
  sinks: v.optional(v.array(v.string())),
});

/** The pairs that another resource of the program declares. */
export type OtherResourcePairs = v.InferOutput<typeof otherPairsSchema>;

const inputSchema = v.pipe(v.string(), v.parseJson(), v.array(otherPairsSchema));

/** Parses the internal input of a set. Returns an empty list if it is missing or unknown. */
export function parseOtherPairs(value: unknown): OtherResourcePairs[] {
  const parsed = v.safeParse(inputSchema, value);
  return parsed.success ? parsed.output : [];
}
