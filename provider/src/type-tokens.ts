/** The type under which the engine knows the resource `OrgConnection`. It stands in users' states. */
export const SINGLE_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
/** The type under which the engine knows the resource `OrgConnectionSet`. It stands in users' states. */
export const SET_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnectionSet";
