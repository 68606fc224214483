/** The name of the plugin: the first part of its type tokens, and the namespace of its configuration. */
const PLUGIN_NAME = "datadog-org-connections";
/** The type token of `OrgConnection`. It is stored in users' states, so it must not change. */
export const SINGLE_TYPE = `${PLUGIN_NAME}:index:OrgConnection`;
/** The type token of `OrgConnectionSet`. It is stored in users' states, so it must not change. */
export const SET_TYPE = `${PLUGIN_NAME}:index:OrgConnectionSet`;
/** The token of the function that returns one organization. */
export const GET_ORGANIZATION = `${PLUGIN_NAME}:index:getOrganization`;
/** The token of the function that returns the organizations of an account. */
export const GET_ORGANIZATIONS = `${PLUGIN_NAME}:index:getOrganizations`;
/** The token of the function that returns the live connections of an organization. */
export const GET_CONNECTIONS = `${PLUGIN_NAME}:index:getOrgConnections`;
