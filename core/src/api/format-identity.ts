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
 */
export function formatOrganizationCheck({ identity, organizationId }: WorkloadIdentity): string {
  switch (identity.type) {
    case "aws":
    case "azure":
      return `the UUID in the proof, ${organizationId}, is that of the organization`;
    case "gcp":
    case "github":
    case "oidc":
    case "hcp":
      return `the token of the identity has the audience \`datadog/${organizationId}\``;
  }
}
