/** How a state names our resources and functions, for both hosts. Type tokens are stored in users' states, so they must not change. */

/** The type token of `OrgConnection` of the npm package, whose resources are dynamic. */
export const SINGLE_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
/** The type token of `OrgConnectionSet` of the npm package. */
export const SET_TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnectionSet";

/** The name of the plugin: the first part of its type tokens, and the namespace of its configuration. */
const PLUGIN_NAME = "datadog-org-connections";
/** The type token of `OrgConnection` of the plugin. */
export const PLUGIN_SINGLE_TYPE = `${PLUGIN_NAME}:index:OrgConnection`;
/** The type token of `OrgConnectionSet` of the plugin. */
export const PLUGIN_SET_TYPE = `${PLUGIN_NAME}:index:OrgConnectionSet`;

/**
 * Returns the token of a function: in the plugin, and for the mocks of unit tests. Without mocks, a function of the npm package sends
 * its requests itself, because the engine does not call functions of dynamic providers.
 *
 * @param name - such as `getOrganization`
 */
export const getFunctionToken = (name: string): string => `${PLUGIN_NAME}:index:${name}`;

/**
 * Whether a provider resource has the name of a default provider. The engine creates default providers from the stack's
 * configuration. Their name is `default`. The version of the plugin, its download address, or both may follow (`DefaultName` in
 * pulumi/pulumi, pkg/resource/deploy/providers/provider.go).
 */
export const isDefaultProviderName = (name: string): boolean =>
  /^default(_\d+_\d+_\d+(_.*)?|_(https?|github|gitlab)_\/.*)?$/.test(name);
