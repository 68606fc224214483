/** The same layout, of letters and digits of any script. */
const LAYOUT = /^[\p{L}\p{N}]{8}(-[\p{L}\p{N}]{4}){3}-[\p{L}\p{N}]{12}$/u;

/**
 * Whether people could take a name for a UUID: it has the layout of one once invisible characters are gone and each kind of
 * hyphen is the usual one.
 */
export function looksLikeUuid(name: string): boolean {
  const seen = name
    .normalize("NFKC")
    .replace(/[\p{C}\p{M}\p{Z}\p{DI}]/gu, "")
    .replace(/[\p{Pd}\u2212]/gu, "-");
  return LAYOUT.test(seen);
}
