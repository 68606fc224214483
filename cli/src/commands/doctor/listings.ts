import { parseJson } from "datadog-org-connections-core/text/data.js";
import { listAll } from "datadog-org-connections-core/api/paging.js";
import {
  parsePage,
  type Page,
  type Party,
  parseOrganizations,
  type VisibleOrganizations,
} from "datadog-org-connections-core/api/parse.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { findCallerCandidates, deriveCaller } from "datadog-org-connections-core/operation/caller.js";
import type { ProbeResult, Probe } from "./probe.js";

/**
 * The parsed lists of connections and of organizations. Doctor uses the same code of core as the other commands, to parse the
 * lists, to check whether the list of connections is complete, and to find the caller. The caller is the organization of the
 * credentials.
 */
export interface Listings {
  /** The first page of connections. Missing if there is no valid response. */
  page?: Page;
  /**
   * Missing without `page`.
   *
   * - `gaps`: rows are missing or repeated, or there are more rows than the total of the list
   * - `continues`: there may be more pages, which were not read
   */
  extent?: "complete" | "gaps" | "continues";
  /** The organizations from `GET /api/v2/org`. */
  visibleOrganizations?: VisibleOrganizations;
  /**
   * The organizations to which the credentials can belong. If there is only one, it is proven. If there is none, nothing is known.
   */
  callerCandidates: Party[];
}

/**
 * Parses the responses with the two lists. Sends no request.
 *
 * @param issuedFor - the organization that the access token was issued for. Only with an identity
 */
export async function parseListings({ list, organizations }: Probe, issuedFor?: string): Promise<Listings> {
  const page = parseResult(list, parsePage);
  const visibleOrganizations = parseResult(organizations, parseOrganizations);
  return {
    ...(page && { page, extent: await determineExtent(page) }),
    ...(visibleOrganizations && { visibleOrganizations }),
    callerCandidates: findCallers(page, visibleOrganizations, issuedFor),
  };
}

async function determineExtent(page: Page): Promise<"complete" | "gaps" | "continues"> {
  /** Stops the read before the second page, because doctor requests only the first page. */
  const notRequested = new Error("not requested");
  try {
    const listing = await listAll(({ offset }) =>
      offset === 0 ? Promise.resolve(page) : Promise.reject(notRequested),
    );
    return listing ? "complete" : "gaps";
  } catch (error) {
    if (error !== notRequested) throw error;
    // `listAll` requested a second page. With a total, this means that the first page has fewer rows than the total. If this page
    // is also not full, rows are missing. If it is full, or if there is no total, more pages may follow.
    return page.total !== undefined && page.connections.length < PAGE_LIMIT ? "gaps" : "continues";
  }
}

/** Finds `callerCandidates`. If one organization is proven to be the caller, returns only this organization. */
function findCallers(
  page: Page | undefined,
  visibleOrganizations: VisibleOrganizations | undefined,
  issuedFor: string | undefined,
): Party[] {
  const candidates = findCallerCandidates(page?.connections ?? []);
  const ids = candidates.map((candidate) => candidate.id);
  const id = deriveCaller(ids, issuedFor) ?? deriveCaller(ids, visibleOrganizations?.callerId);
  if (id === undefined) return candidates;
  const name = [...candidates, ...(visibleOrganizations?.organizations ?? [])].find(
    (organization) => organization.id === id,
  )?.name;
  return [{ id, ...(name !== undefined && { name }) }];
}

function parseResult<T>(result: ProbeResult | undefined, parse: (body: unknown) => T): T | undefined {
  if (result?.response?.status !== 200) return undefined;
  try {
    return parse(parseJson(result.response.text));
  } catch {
    return undefined;
  }
}
