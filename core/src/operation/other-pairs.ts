import * as v from "valibot";

/** The constructor's hint to an exclusive set: what the other resources of the program declare. The state does not hold it. */
export const OTHER_PAIRS = "__otherPairs";

const otherPairs = v.object({
  /** As messages name it: `OrgConnection "hub"`. */
  resource: v.string(),
  /** The name of its organization in the program; `null` for the default one, left out while it is not known. */
  source: v.optional(v.nullable(v.string())),
  /** The destinations; left out while they are not known. */
  sinks: v.optional(v.array(v.string())),
});

/** What one other resource of the program declares. */
export type OtherPairs = v.InferOutput<typeof otherPairs>;

const hint = v.pipe(v.string(), v.parseJson(), v.array(otherPairs));

/** The hint of a set, read; nothing where there is none, or where it is not known yet. */
export function otherPairsOf(value: unknown): OtherPairs[] {
  const parsed = v.safeParse(hint, value);
  return parsed.success ? parsed.output : [];
}
