import type { JoinedPreviews } from "./join-previews.js";

/**
 * Something that a digest (`Preview.isDigest`) does not show and that matters for the reviewed operation. The engine's events show
 * it.
 */
export interface Unknown {
  /** `leftovers`: the connections that interrupted replacements left behind, which the operation deletes. */
  what: "leftovers";
  location: string;
}

/** Lists what the digests among the reviewed previews do not show. */
export const listUnknowns = ({ hiddenLeftovers }: Pick<JoinedPreviews, "hiddenLeftovers">): Unknown[] =>
  hiddenLeftovers.map((location) => ({ what: "leftovers", location }));
