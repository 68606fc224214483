/** The type token of `OrgConnection`. It is stored in users' states, so it must not change. */
export const SINGLE_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
/** The type token of `OrgConnectionSet`. It is stored in users' states, so it must not change. */
export const SET_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnectionSet";
