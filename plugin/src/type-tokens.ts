/** The name of the plugin: the first part of its type tokens, and the namespace of its configuration. */
const PLUGIN_NAME = "datadog-org-connections";
/** The type token of `OrgConnection`. It is stored in users' states, so it must not change. */
export const SINGLE_TYPE = `${PLUGIN_NAME}:index:OrgConnection`;
/** The type token of `OrgConnectionSet`. It is stored in users' states, so it must not change. */
export const SET_TYPE = `${PLUGIN_NAME}:index:OrgConnectionSet`;
