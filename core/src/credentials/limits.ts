import { OrgConnectionsError } from "../api/org-connections-error.js";
import { NAMESPACE, type ConfigReader } from "./settings.js";

/** How long and how often calls are tried: what a stack's configuration may set. */
export interface CallLimits {
  /** Tries of one call, the first included. Default 6. */
  tries: number;
  /** Seconds for one request. Default 30. */
  requestTimeoutSeconds: number;
  /** Seconds for one call with all its tries and waits. Default 120. */
  callTimeoutSeconds: number;
  /** Requests of one organization in flight at once. Default 32. */
  maxInFlight: number;
}

const DEFAULTS: CallLimits = {
  tries: 6,
  requestTimeoutSeconds: 30,
  callTimeoutSeconds: 120,
  maxInFlight: 32,
};
const LARGEST: CallLimits = {
  tries: 100,
  requestTimeoutSeconds: 600,
  callTimeoutSeconds: 3600,
  maxInFlight: 256,
};

/** The limits of a stack: `datadog-org-connections:tries` and so on. Throws `invalid-configuration`. */
export function callLimits(config: ConfigReader): CallLimits {
  const read = (name: keyof CallLimits): number => {
    const text = config(`${NAMESPACE}:${name}`);
    if (text === undefined) return DEFAULTS[name];
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= LARGEST[name]) return value;
    throw new OrgConnectionsError(
      "invalid-configuration",
      `The stack's configuration \`${NAMESPACE}:${name}\` must be a whole number from 1 to ${LARGEST[name]}.`,
    );
  };
  return {
    tries: read("tries"),
    requestTimeoutSeconds: read("requestTimeoutSeconds"),
    callTimeoutSeconds: read("callTimeoutSeconds"),
    maxInFlight: read("maxInFlight"),
  };
}
