import { listSecrets } from "../api/authentication.js";
import { isSet } from "./levels.js";
import type { Credentials } from "./resolve.js";

/**
 * Formats an identifier of credentials and their address. If the credentials of two names have equal identifiers, both names
 * refer to the same organization. The reverse is not true: the keys, a token and an identity of one organization have different
 * identifiers. An identifier contains secrets: never print it.
 */
export function formatIdentifier({
  baseUrl,
  authentication,
  suffix,
  env,
}: Pick<Credentials, "baseUrl" | "authentication" | "suffix" | "env">): string {
  if (authentication.kind !== "identity") {
    return JSON.stringify([baseUrl, authentication.kind, ...listSecrets(authentication)]);
  }
  // One identity can serve many organizations, so the identifier includes the UUID.
  const { kind, identity, organizationId } = authentication;
  // Names with equal identifiers share a session. But Datadog may map the separate tokens of two names to different service
  // accounts of one organization. So the identifier of a name with its own token includes the suffix of its variables.
  const hasOwnProof = Object.entries(env).some(
    ([name, value]) => OWN_PROOF.exec(name)?.[1] === suffix && isSet([name, value]),
  );
  return JSON.stringify([baseUrl, kind, organizationId, identity, ...(hasOwnProof ? [suffix] : [])]);
}

/**
 * Matches the name of a variable that provides the identity token of one organization. Captures `PAYMENTS` of
 * `DD_OIDC_TOKEN__PAYMENTS`.
 */
const OWN_PROOF =
  /^DD_(?:OIDC_TOKEN|OIDC_TOKEN_FILE|OIDC_TOKEN_COMMAND|GCP_IDENTITY_TOKEN|AZURE_ACCESS_TOKEN)__([A-Z0-9_]+)$/;
