/** The public API of this package. A test lists these names. */
export type { ConnectionType } from "datadog-org-connections-core/api/connection-type.js";
export type { Connection, Party, Organization } from "datadog-org-connections-core/api/parse.js";
export { errorCodes, type ErrorCode } from "datadog-org-connections-core/api/error-codes.js";
export {
  isOrgConnectionsError,
  OrgConnectionsError,
  type ErrorFacts,
} from "datadog-org-connections-core/api/org-connections-error.js";
export {
  getOrgConnections,
  getOrgConnectionsOutput,
  type GetOrgConnectionsArgs,
} from "./functions/connections.js";
export {
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
  type GetOrganizationArgs,
  type GetOrganizationsArgs,
} from "./functions/organizations.js";
export { OrgConnection, type OrgConnectionArgs } from "./resources/org-connection.js";
export {
  OrgConnectionSet,
  type OrgConnectionSetArgs,
  type SetMember,
} from "./resources/org-connection-set.js";
