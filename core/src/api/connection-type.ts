/**
 * The connection types that the API documents. Datadog adds types over time, so any other type causes a warning, never an error.
 * @see https://docs.datadoghq.com/api/latest/org-connections/
 */
export const KNOWN_TYPES = ["audit", "logs", "metrics"] as const;

/**
 * A type of shared data: `logs`, `metrics`, `audit`, or a type that Datadog adds later.
 *
 * `string & {}` accepts every string, but editors still complete the known types. With `string`, they would not.
 */
export type ConnectionType = (typeof KNOWN_TYPES)[number] | (string & {});
