/** Formats a pair as a key. The key contains the name of the source, because check does not know the UUID of the source organization. */
export function formatPairKey(source: string | undefined, sinkOrgId: string): string {
  return JSON.stringify([source ?? null, sinkOrgId]);
}
