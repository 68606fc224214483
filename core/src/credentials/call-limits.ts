import { OrgConnectionsError } from "../api/org-connections-error.js";
import { NAMESPACE, type ConfigReader } from "./settings.js";

/** How often and for how long calls are attempted. A stack's configuration can set these. */
export interface CallLimits {
  /** Maximum attempts of one call, including the first one. Default 6. */
  maxAttempts: number;
  /** Timeout of one request, in seconds. Default 30. */
  requestTimeoutSeconds: number;
  /** Timeout of one call with all its attempts and delays, in seconds. Default 120. */
  callTimeoutSeconds: number;
  /** Maximum concurrent requests of one organization. Default 32. */
  maxConcurrent: number;
}

const DEFAULTS: CallLimits = {
  maxAttempts: 6,
  requestTimeoutSeconds: 30,
  callTimeoutSeconds: 120,
  maxConcurrent: 32,
};
const MAXIMUMS: CallLimits = {
  maxAttempts: 100,
  requestTimeoutSeconds: 600,
  callTimeoutSeconds: 3600,
  maxConcurrent: 256,
};

/**
 * Reads the limits from a stack's configuration, such as `datadog-org-connections:maxAttempts`.
 *
 * @throws `invalid-configuration`
 */
export function readCallLimits(config: ConfigReader): CallLimits {
  const read = (name: keyof CallLimits): number => {
    const text = config(`${NAMESPACE}:${name}`);
    if (text === undefined) return DEFAULTS[name];
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= MAXIMUMS[name]) return value;
    throw new OrgConnectionsError(
      "invalid-configuration",
      `The stack's configuration \`${NAMESPACE}:${name}\` must be an integer from 1 to ${MAXIMUMS[name]}.`,
    );
  };
  return {
    maxAttempts: read("maxAttempts"),
    requestTimeoutSeconds: read("requestTimeoutSeconds"),
    callTimeoutSeconds: read("callTimeoutSeconds"),
    maxConcurrent: read("maxConcurrent"),
  };
}
