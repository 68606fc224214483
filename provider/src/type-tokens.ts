/** The type token of `OrgConnection`. It is stored in users' states, so it must not change. */
export const SINGLE_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
/** The type token of `OrgConnectionSet`. It is stored in users' states, so it must not change. */
export const SET_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnectionSet";

/**
 * Returns the token of a function for the mocks of unit tests. Only they see it: without mocks, a function sends its requests
 * itself, because the engine does not call functions of dynamic providers.
 *
 * @param name - such as `getOrganization`
 */
export const getFunctionToken = (name: string): string => `datadog-org-connections:index:${name}`;
