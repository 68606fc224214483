/** Formats a pair with the name of its source, because check does not know the source's UUID. */
export function formatPairKey(source: string | undefined, sinkOrgId: string): string {
  return JSON.stringify([source ?? null, sinkOrgId]);
}
