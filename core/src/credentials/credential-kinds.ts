import * as v from "valibot";
import {
  CREDENTIAL_KINDS,
  findTokenOwner,
  listSecrets,
  type AuthenticationOf,
  type CredentialKindName,
  type KeyLocation,
} from "../api/authentication.js";
import { IDENTITY_TYPES, type Identity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { identityTextSchema } from "./identity-schema.js";

/** A setting: its name in messages, and its value. */
export type Setting = [name: string, value: string | undefined];

/** Whether a setting has a value that is not blank. */
export function isSet([, value]: Setting): boolean {
  return value !== undefined && value.trim() !== "";
}

/** A setting of an organization that is a part of its credentials, by its name in this package's namespace. */
export type CredentialSetting = "apiKey" | "appKey" | "bearerToken" | "identity";

/** The credentials at one level of precedence. An identity is JSON. */
export type CredentialSettings = Record<CredentialSetting, Setting>;

/** The names of a setting of an organization. */
export interface SettingNames<Name> {
  /** In this package's namespace. */
  setting: Name;
  /** The name of its environment variable, without `DD_` and the suffix of an organization. */
  variable: string;
  /** In the configuration of the Datadog provider. Empty if this provider does not have the setting. */
  datadogProvider: string;
}

/** Computes a value for each setting that is a part of the credentials, from its names. */
export const mapCredentialSettings = <T>(
  compute: (names: SettingNames<CredentialSetting>) => T,
): Record<CredentialSetting, T> => ({
  apiKey: compute({ setting: "apiKey", variable: "API_KEY", datadogProvider: "apiKey" }),
  appKey: compute({ setting: "appKey", variable: "APP_KEY", datadogProvider: "appKey" }),
  bearerToken: compute({
    setting: "bearerToken",
    variable: "BEARER_TOKEN",
    datadogProvider: "bearerToken",
  }),
  identity: compute({
    setting: "identity",
    variable: "CLOUD_PROVIDER_TYPE",
    datadogProvider: "cloudProviderType",
  }),
});

/** The names of the environment variables, without `DD_` and the suffix of an organization. */
export const CREDENTIAL_VARIABLES = mapCredentialSettings(({ variable }) => variable);

/** The organization whose credentials are parsed. */
interface Organization {
  /** Its name in messages. */
  label: string;
  /** The value of its `auth`. */
  keyLocation: KeyLocation;
  /** Returns its UUID. @throws `invalid-configuration` if none is set */
  requireId: () => string;
}

/** The environment that may contain the proof of an identity. */
interface Environment {
  /** The suffix of the variables of the organization. */
  suffix: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** What the settings of an organization determine about one kind of credentials. */
interface CredentialKind<K extends CredentialKindName> {
  /** In messages: `bearer token`. */
  name: string;
  /** In the message about credentials of two kinds: `a bearer token`. */
  noun: string;
  /** Its settings. Together they are complete. */
  settings: readonly [CredentialSetting, ...CredentialSetting[]];
  /**
   * Whether the settings contain the credentials, which are secret and belong to one organization. If not, the settings only name
   * an identity, which the environment proves.
   */
  isStored: boolean;
  /** Whether they can be sent as query parameters. */
  canBeInQuery: boolean;
  /** Parses the settings of one level. @throws `credentials-missing`, `invalid-configuration` */
  parse: (settings: CredentialSettings, organization: Organization) => AuthenticationOf<K>;
  /**
   * Formats how to set credentials of this kind, for an organization without credentials.
   *
   * @param levels - the levels of the organization, the usual one first
   */
  formatAdvice: (levels: readonly (CredentialSettings & { id: Setting })[]) => string;
  /** Lists what identifies the credentials, besides their address and kind. May contain secrets. */
  identify: (authentication: AuthenticationOf<K>, environment: Environment) => unknown[];
}

const keys: CredentialKind<"keys"> = {
  name: CREDENTIAL_KINDS.keys.name,
  noun: "a key",
  settings: ["apiKey", "appKey"],
  isStored: true,
  canBeInQuery: true,
  parse: (settings, { label, keyLocation }) => ({
    kind: "keys",
    apiKey: readKey(settings.apiKey, settings.appKey, settings, label),
    appKey: readKey(settings.appKey, settings.apiKey, settings, label),
    keyLocation,
  }),
  formatAdvice: (levels) => levels.map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`).join("; or "),
  identify: listSecrets,
};

function readKey(
  setting: Setting,
  other: Setting,
  { bearerToken }: CredentialSettings,
  label: string,
): string {
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

const token: CredentialKind<"token"> = {
  name: CREDENTIAL_KINDS.token.name,
  noun: "a bearer token",
  settings: ["bearerToken"],
  isStored: true,
  canBeInQuery: false,
  parse: ({ bearerToken }) => ({
    kind: "token",
    token: readSecret(bearerToken, "bearer token", "Set only the token, without the word Bearer."),
  }),
  formatAdvice: (levels) =>
    `Or set a bearer token in their place: ${levels.map(({ bearerToken }) => bearerToken[0]).join(" or ")}`,
  identify: listSecrets,
};

const identity: CredentialKind<"identity"> = {
  name: CREDENTIAL_KINDS.identity.name,
  noun: "a workload identity",
  settings: ["identity"],
  isStored: false,
  canBeInQuery: false,
  parse: (settings, { label, requireId }) => ({
    kind: "identity",
    identity: parseIdentity(settings.identity, label),
    organizationId: requireId(),
  }),
  // The message is long, so it contains only the usual settings of an identity.
  formatAdvice: ([usual]) =>
    `Or use a workload identity, which needs no stored secret: set ${usual ? `${usual.identity[0]} and ${usual.id[0]}` : ""}`,
  // One identity can serve many organizations, so the identifier includes the UUID. Names with equal identifiers share a session.
  // But Datadog may map the separate tokens of two names to different service accounts of one organization. So the identifier of a
  // name with its own token includes the suffix of its variables.
  identify: (authentication, { suffix, env }) => [
    authentication.organizationId,
    authentication.identity,
    ...(PROOF_VARIABLES.some((name) => isSet([name, env[`DD_${name}__${suffix}`]])) ? [suffix] : []),
  ],
};

/** The variables that can provide the proof of one organization, without `DD_` and the suffix of the organization. */
const PROOF_VARIABLES = Object.values(IDENTITY_TYPES).flatMap(({ proofVariables }) => proofVariables);

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

/** Each kind of credentials, with what its settings determine. What requests need to know is in `api/authentication.ts`. */
const KINDS: { [K in CredentialKindName]: CredentialKind<K> } = { identity, token, keys };

/** All kinds, in their order in a message about two of them. */
export const ALL_KINDS = Object.values(KINDS);

export type SomeKind = (typeof ALL_KINDS)[number];

/** Lists the kinds of which a level has at least one setting. The credentials may be incomplete. */
export const listKinds = (level: CredentialSettings): SomeKind[] =>
  ALL_KINDS.filter(({ settings }) => settings.some((name) => isSet(level[name])));

/** The settings that contain a credential. They must be secret. */
export const SECRET_SETTINGS: readonly CredentialSetting[] = ALL_KINDS.filter(
  ({ isStored }) => isStored,
).flatMap(({ settings }) => settings);

/** Lists what identifies credentials, besides their address. May contain secrets. */
export const identifyCredentials = <K extends CredentialKindName>(
  authentication: AuthenticationOf<K>,
  environment: Environment,
): unknown[] => [authentication.kind, ...KINDS[authentication.kind].identify(authentication, environment)];
