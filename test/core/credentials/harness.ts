import type { KeyPair } from "../../../core/src/api/authentication.js";
import { resolveCredentials, type Credentials } from "../../../core/src/credentials/resolve.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "../../../core/src/api/org-connections-error.js";

export const PACKAGE = "datadog-org-connections";
export const ORGANIZATIONS = `${PACKAGE}:organizations`;

/**
 * The settings of a test: configuration by full key (an object becomes JSON, as in the engine), and
 * environment.
 */
export interface Given {
  config?: Record<string, string | object>;
  env?: Record<string, string>;
  /** The provider of the program whose arguments are the configuration. */
  providerName?: string;
}

/** Resolves the credentials of an organization, or of the default one. */
export function resolve(
  source: string | undefined,
  { config = {}, env = {}, providerName }: Given,
): Credentials {
  const read = (key: string) => {
    const value = config[key];
    return typeof value === "object" ? JSON.stringify(value) : value;
  };
  return resolveCredentials(source, {
    config: read,
    env,
    ...(providerName !== undefined && { providerName }),
  });
}

/** Resolves an organization that has keys. */
export function resolveKeys(source: string | undefined, given: Given): Credentials & KeyPair {
  const credentials = resolve(source, given);
  const { authentication } = credentials;
  if (authentication.kind !== "keys") throw new Error("expected keys");
  return { ...credentials, ...authentication };
}

/** Returns the error of a resolution that must fail. */
export function catchRefusal(source: string | undefined, given: Given): OrgConnectionsError {
  try {
    resolve(source, given);
  } catch (error) {
    if (isOrgConnectionsError(error)) return error;
    throw error;
  }
  throw new Error("expected a failure");
}
