import { listSecrets } from "../api/authentication.js";
import { isSet } from "./levels.js";
import type { Credentials } from "./resolve.js";

/**
 * Formats a string that is equal for equal credentials at the same address. Two names with equal strings refer to the same
 * organization. The reverse is not true: the keys, the token and the identity of one organization have different strings.
 * Contains secrets: never print it.
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
  // One identity serves many organizations, so the id makes the difference.
  const { kind, identity, organizationId } = authentication;
  // Two names of one organization may have tokens of their own, which can be mapped to different accounts.
  const hasOwnProof = Object.entries(env).some(
    ([name, value]) => OWN_PROOF.exec(name)?.[1] === suffix && isSet([name, value]),
  );
  return JSON.stringify([baseUrl, kind, organizationId, identity, ...(hasOwnProof ? [suffix] : [])]);
}

/** A variable with the token of one name, which proves its identity. */
const OWN_PROOF =
  /^DD_(?:OIDC_TOKEN|OIDC_TOKEN_FILE|OIDC_TOKEN_COMMAND|GCP_IDENTITY_TOKEN|AZURE_ACCESS_TOKEN)__([A-Z0-9_]+)$/;
