import type { OrganizationStatus } from "./read-live.js";

/** The organizations at the ends of a connection. A UUID is undefined if it is unknown. */
interface Ends {
  sourceOrgId?: string | undefined;
  sinkOrgId?: string | undefined;
}

/**
 * Creates a function that returns whether the source or the destination of a connection was checked. If so, the complete list of this
 * organization proves whether the connection is live.
 */
export function createCheckedFilter(organizations: readonly OrganizationStatus[]): (ends: Ends) => boolean {
  const checkedIds = new Set(organizations.flatMap((one) => (one.checked ? [one.id] : [])));
  return ({ sourceOrgId, sinkOrgId }) =>
    [sourceOrgId, sinkOrgId].some((id) => id !== undefined && checkedIds.has(id.toLowerCase()));
}
