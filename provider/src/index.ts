/** Everything this package promises to its users; nothing else is public. A test lists these names. */
export type { Connection, Organization, Party } from "./client/parse.js";
export { errorCodes, type ErrorCode } from "./errors/error-codes.js";
export {
  isOrgConnectionsError,
  OrgConnectionsError,
  type ErrorFacts,
} from "./errors/org-connections-error.js";
export {
  getOrgConnections,
  getOrgConnectionsOutput,
  type GetOrgConnectionsArgs,
} from "./lookups/connections.js";
export {
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
  type GetOrganizationArgs,
  type GetOrganizationsArgs,
} from "./lookups/organizations.js";
export { OrgConnection, type OrgConnectionArgs } from "./resources/org-connection.js";
export {
  OrgConnectionSet,
  type OrgConnectionSetArgs,
  type SetMember,
} from "./resources/org-connection-set.js";
