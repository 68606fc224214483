import type { WorkloadIdentity } from "./authentication.js";
import type { Identity } from "./identity.js";

const TYPES: Record<Identity["type"], string> = {
  aws: "AWS",
  gcp: "Google Cloud",
  azure: "Azure",
  github: "GitHub Actions",
  oidc: "OpenID Connect",
  hcp: "HCP Terraform",
};

/** Formats the type of an identity, for messages: `GitHub Actions`. */
export const formatIdentityType = ({ type }: Identity): string => TYPES[type];

/**
 * Formats how to check that a proof is for the correct organization. The result follows "Check that" in a message: `the token of
 * the identity has the audience ...`.
 *
 * @param label - the organization in messages: `organization "payments"`
 */
export function formatOrganizationCheck(
  { identity, organizationId }: WorkloadIdentity,
  label: string,
): string {
  switch (identity.type) {
    case "aws":
    case "azure":
      return `${organizationId}, the UUID in the proof, is that of ${label}`;
    case "gcp":
    case "github":
    case "oidc":
    case "hcp":
      return `the token of the identity has the audience \`datadog/${organizationId}\``;
  }
}
