import * as v from "valibot";
import { findTokenOwner, type Authentication, type KeyLocation } from "../api/authentication.js";
import type { Identity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { identityTextSchema } from "./identity-schema.js";
import { isSet, type Level, type Setting } from "./levels.js";
import { createMissingIdError } from "./organization-id.js";
import { NAMESPACE } from "./setting-names.js";

/** What determines how an organization authenticates, in addition to its credentials. */
interface AuthenticationOptions {
  /** The name in the program; missing for the default organization. */
  source: string | undefined;
  /** The name of the organization in messages. */
  label: string;
  /** The value of `auth`. */
  keyLocation: KeyLocation;
  /** The UUID of the organization, if one is set. */
  organizationId: string | undefined;
  /** Whether settings come from the arguments of a provider in the program instead of the stack's configuration. */
  usesProviderArguments: boolean;
}

/**
 * Resolves the credentials of one level: an identity, a token or both keys. Refuses a mixture, because some of the credentials
 * may belong to another organization.
 *
 * @param levels - all levels of the organization, highest precedence first
 * @param level - the first of `levels` that has credentials, or else the level with the shared identity (`findSharedIdentity`)
 * @throws `credentials-missing`, `invalid-configuration`
 */
export function resolveAuthentication(
  levels: readonly Level[],
  level: Level,
  options: AuthenticationOptions,
): Authentication {
  const { apiKey, appKey, bearerToken, identity } = level;
  const { source, label, keyLocation, organizationId, usesProviderArguments } = options;
  refuseMixture(levels, level, options);
  if (isSet(identity)) {
    if (keyLocation === "query") throw createQueryError("workload identity", identity, label);
    const parsed = parseIdentity(identity, label);
    if (organizationId === undefined)
      throw createMissingIdError(source, levels, identity, label, usesProviderArguments);
    return { kind: "identity", identity: parsed, organizationId };
  }
  if (isSet(bearerToken)) {
    if (keyLocation === "query") throw createQueryError("bearer token", bearerToken, label);
    return {
      kind: "token",
      token: readSecret(bearerToken, "bearer token", "Set only the token, without the word Bearer."),
    };
  }
  return {
    kind: "keys",
    apiKey: readKey(apiKey, appKey, level, label),
    appKey: readKey(appKey, apiKey, level, label),
    keyLocation,
  };
}

/** Refuses a level with more than one kind of credentials. */
function refuseMixture(
  levels: readonly Level[],
  level: Level,
  { label, usesProviderArguments }: AuthenticationOptions,
): void {
  const { apiKey, appKey, bearerToken, identity } = level;
  const found = [
    { kind: "a workload identity", property: "identity" as const, settings: [identity] },
    { kind: "a bearer token", property: "bearerToken" as const, settings: [bearerToken] },
    { kind: "a key", property: "apiKey" as const, settings: [apiKey, appKey] },
  ].flatMap(({ kind, property, settings }) => {
    const setting = settings.find(isSet);
    return setting ? [{ kind, property, name: setting[0] }] : [];
  });
  const [one, other] = found;
  if (!one || !other) return;
  // The first level contains the variables with the suffix of the organization.
  const [first = level] = levels;
  // The arguments of a provider replace the variables (plugin, provider-settings.ts), so setting a variable would have no effect.
  const isOverridable = first !== level && !(usesProviderArguments && level.fromConfig);
  // A variable without a suffix cannot always be unset. Another program, such as the Datadog Agent, may need it.
  const override = isOverridable
    ? `, or set ${first[one.property][0]}, which takes precedence over both`
    : "";
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `Both ${one.kind} and ${other.kind} are set for ${label}: ${one.name} and ${other.name}.`,
    advice: `Unset one of them${override}.`,
  });
}

/**
 * Parses an identity. Identities in this package's configuration were validated earlier. Only an identity from a variable, or from
 * the configuration of the Datadog provider, can still be invalid.
 */
function parseIdentity([name, value]: Setting, label: string): Identity {
  const parsed = v.safeParse(identityTextSchema, value);
  if (parsed.success) return parsed.output;
  throw new OrgConnectionsError(
    "invalid-configuration",
    `The workload identity of ${label} (${name}) ${parsed.issues[0].message}.`,
  );
}

function readKey(setting: Setting, other: Setting, { bearerToken }: Level, label: string): string {
  if (isSet(setting)) return readSecret(setting, "Datadog key");
  const isToken = findTokenOwner(other[1]?.trim() ?? "") !== undefined;
  throw new OrgConnectionsError("credentials-missing", {
    happened: `Only one of the two keys of ${label} is set: ${other[0]} is set, but ${setting[0]} is not.`,
    advice: isToken
      ? `The value of ${other[0]} is an access token, which needs no key beside it: set ${bearerToken[0]} to it, and unset ${other[0]}.`
      : `Set ${setting[0]} too. A key that is set in another place is not combined with ${other[0]}.`,
  });
}

function readSecret([name, value]: Setting, kind: string, advice?: string): string {
  const secret = value?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(secret)) return secret;
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `The value of ${name} is not a valid ${kind}: it contains spaces or other invalid characters.`,
    advice,
  });
}

function createQueryError(kind: string, [name]: Setting, label: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The ${kind} of ${label} (${name}) cannot be sent as a query parameter, but \`auth\` is "query".`,
    advice: `Set \`auth\` of this organization to "headers". If "query" comes from \`${NAMESPACE}:auth\`, you can remove that setting instead.`,
  });
}
