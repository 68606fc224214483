import { parseCallerIds, CALLER_PATH } from "../gateway/caller.js";
import type { Exchange } from "../gateway/exchange.js";
import { parseCreated, parseRows } from "../gateway/rows.js";
import { CREDENTIAL_PARTS, readParts } from "./sent-credentials.js";

/**
 * Finds the organization of each credential, by what the API has returned for it.
 *
 * @returns the UUID in lower case, by credential; credentials that were always refused are missing
 */
export function findOwners(exchanges: readonly Exchange[]): Map<string, string> {
  const owners = new Map<string, string>();
  const candidates = new Map<string, Set<string>>();
  for (const exchange of exchanges) {
    const parts = readParts(exchange);
    if (!parts || exchange.status >= 300) continue;
    const values = CREDENTIAL_PARTS.flatMap((part) => parts[part] ?? []);
    const key = JSON.stringify(values);
    for (const ends of listPossibleCallers(exchange)) {
      const known = candidates.get(key);
      const left = new Set(known ? ends.filter((id) => known.has(id)) : ends);
      candidates.set(key, left);
      const [owner, ...others] = left;
      if (owner !== undefined && others.length === 0) for (const value of values) owners.set(value, owner);
    }
  }
  return owners;
}

/** Lists sets of organizations. The caller is one of each. */
function listPossibleCallers({ method, path, responseBody }: Exchange): string[][] {
  const [pathname = ""] = path.split("?");
  if (pathname === CALLER_PATH) return [parseCallerIds(responseBody)].filter((ids) => ids.length > 0);
  if (pathname !== "/api/v2/org_connections") return [];
  // Only the source creates.
  const rows = method === "POST" ? [parseCreated(responseBody)] : (parseRows(responseBody) ?? []);
  return rows.flatMap((row) => {
    if (row?.sourceOrgId === undefined) return [];
    if (method === "POST") return [[row.sourceOrgId]];
    return row.sinkOrgId === undefined ? [] : [[row.sourceOrgId, row.sinkOrgId]];
  });
}
