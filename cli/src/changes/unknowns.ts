import { isPlugin } from "../stack/resources.js";
import type { Preview } from "../stack/step.js";
import type { Change } from "./facts.js";
import type { JoinedPreviews } from "./join-previews.js";

/**
 * Something that a digest (`Preview.isDigest`) does not show and that matters for the reviewed operation. The engine's events show
 * it.
 */
export type Unknown =
  /** The connections that interrupted replacements left behind, which the operation deletes. */
  | { what: "leftovers"; location: string }
  /** The organization whose data a new connection shares, because the settings of this provider decide. */
  | { what: "organization"; location: string; address: string; resource: string; provider: string };

/** Lists what the digests among the reviewed previews do not show. */
export function listUnknowns(
  previews: readonly Preview[],
  { hiddenLeftovers }: Pick<JoinedPreviews, "hiddenLeftovers">,
  changes: readonly Change[],
): Unknown[] {
  const digests = new Set(previews.flatMap(({ isDigest, location }) => (isDigest ? [location] : [])));
  const organizations = changes.flatMap((change): Unknown[] => {
    const { kind, location, address, resource, after } = change;
    const provider = after?.source.id === undefined ? after?.source.provider : undefined;
    const isNew = kind === "create" || kind === "adopt" || kind === "replace";
    if (!isNew || provider === undefined || !isPlugin(change) || !digests.has(location)) return [];
    return [{ what: "organization", location, address, resource, provider }];
  });
  // The members of a set have one source.
  const unique = new Map(organizations.map((one) => [JSON.stringify(one), one]));
  return [
    ...hiddenLeftovers.map((location): Unknown => ({ what: "leftovers", location })),
    ...unique.values(),
  ];
}
