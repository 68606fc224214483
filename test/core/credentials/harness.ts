import { resolveCredentials, type Credentials } from "../../../core/src/credentials/resolve.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "../../../core/src/api/org-connections-error.js";

export const PACKAGE = "datadog-org-connections";
export const ORGANIZATIONS = `${PACKAGE}:organizations`;

/** The settings of one look-up: configuration by full key (an object is written as JSON, as the engine does), environment. */
export interface Given {
  config?: Record<string, string | object>;
  env?: Record<string, string>;
}

/** The credentials of an organization, or of the default one. */
export function resolve(source: string | undefined, { config = {}, env = {} }: Given): Credentials {
  const read = (key: string) => {
    const value = config[key];
    return typeof value === "object" ? JSON.stringify(value) : value;
  };
  return resolveCredentials(source, { config: read, env });
}

/** The error of a look-up that must fail. */
export function refusal(source: string | undefined, given: Given): OrgConnectionsError {
  try {
    resolve(source, given);
  } catch (error) {
    if (isOrgConnectionsError(error)) return error;
    throw error;
  }
  throw new Error("expected a failure");
}
