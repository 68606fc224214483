import type { Organization, VisibleOrganizations } from "../api/parse.js";

const FIELDS = ["id", "name", "publicId", "description", "disabled", "createdAt"] as const;

/**
 * Shares equal organizations between the sessions of one process. The keys of a parent organization see all organizations of
 * the account, so without sharing, a thousand sessions would keep a million objects.
 */
export class OrganizationPool {
  private readonly organizationsById = new Map<string, Organization>();
  private latest: readonly Organization[] = [];

  /** Replaces each organization with the equal object that an earlier call has returned, if there is one. */
  getShared({ callerId, organizations }: VisibleOrganizations): VisibleOrganizations {
    const shared = organizations.map((organization) => this.getSharedOrganization(organization));
    const isLatest =
      shared.length === this.latest.length && shared.every((one, index) => one === this.latest[index]);
    if (!isLatest) this.latest = shared;
    return { callerId, organizations: this.latest };
  }

  private getSharedOrganization(organization: Organization): Organization {
    const known = this.organizationsById.get(organization.id);
    if (known && FIELDS.every((field) => known[field] === organization[field])) return known;
    this.organizationsById.set(organization.id, organization);
    return organization;
  }
}
