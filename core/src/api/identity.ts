/**
 * An identity that a workload can prove without a stored secret. Datadog exchanges the proof for an access token, which is valid
 * for about 15 minutes:
 * https://docs.datadoghq.com/account_management/cloud_provider_authentication/
 */
export type Identity =
  AwsIdentity | GcpIdentity | AzureIdentity | GitHubIdentity | OidcIdentity | HcpTerraformIdentity;

/**
 * The AWS role or user of the workload's temporary credentials. The proof is a signed request that asks AWS for the caller's
 * identity.
 */
export interface AwsIdentity {
  type: "aws";
  /** The region of the AWS endpoint that the request is signed for. @default the global endpoint */
  region?: string | undefined;
}

/** A Google Cloud service account. */
export interface GcpIdentity {
  type: "gcp";
  /**
   * The email address of the service account to impersonate. Not used with `DD_GCP_IDENTITY_TOKEN`.
   * @default the service account of the workload
   */
  serviceAccount?: string | undefined;
}

/** A Microsoft Entra identity. */
export interface AzureIdentity {
  type: "azure";
  /** The scope of the access token that is the proof. Not needed with `DD_AZURE_ACCESS_TOKEN`. */
  scope?: string | undefined;
}

/** A job of GitHub Actions with the permission `id-token: write`. */
interface GitHubIdentity {
  type: "github";
}

/**
 * The token of any OpenID Connect issuer, from `tokenFile` or `tokenVariable`. Without these properties, the environment variable
 * `DD_OIDC_TOKEN`, `DD_OIDC_TOKEN_FILE` or `DD_OIDC_TOKEN_COMMAND` provides the token. Only the environment can provide a command.
 */
export interface OidcIdentity {
  type: "oidc";
  /** The path of the file that contains the token. */
  tokenFile?: string | undefined;
  /** The name of the environment variable that contains the token. */
  tokenVariable?: string | undefined;
}

/** A run of HCP Terraform or Terraform Enterprise. */
export interface HcpTerraformIdentity {
  type: "hcp";
  /**
   * Selects the variable `TFC_WORKLOAD_IDENTITY_TOKEN_<tag>`. Without a tag, the variable is `TFC_WORKLOAD_IDENTITY_TOKEN_DATADOG`,
   * or else `TFC_WORKLOAD_IDENTITY_TOKEN`.
   */
  tag?: string | undefined;
}

/** What messages need to know about one type of identity. */
interface IdentityType {
  /** `GitHub Actions`. */
  name: string;
  /** What names the organization that a proof is for. A wrong one is a likely cause of a refused proof. */
  organizationIn: "proof" | "audience";
  /** The variables that can provide a proof for one organization, without `DD_` and the suffix of the organization. */
  proofVariables: readonly string[];
}

export const IDENTITY_TYPES: Record<Identity["type"], IdentityType> = {
  aws: { name: "AWS", organizationIn: "proof", proofVariables: [] },
  gcp: { name: "Google Cloud", organizationIn: "audience", proofVariables: ["GCP_IDENTITY_TOKEN"] },
  azure: { name: "Azure", organizationIn: "proof", proofVariables: ["AZURE_ACCESS_TOKEN"] },
  github: { name: "GitHub Actions", organizationIn: "audience", proofVariables: [] },
  oidc: {
    name: "OpenID Connect",
    organizationIn: "audience",
    proofVariables: ["OIDC_TOKEN", "OIDC_TOKEN_FILE", "OIDC_TOKEN_COMMAND"],
  },
  hcp: { name: "HCP Terraform", organizationIn: "audience", proofVariables: [] },
};

/** Formats the type of an identity, for messages: `GitHub Actions`. */
export const formatIdentityType = ({ type }: Identity): string => IDENTITY_TYPES[type].name;

/**
 * Formats how to check that a proof is for the correct organization. The result follows "Check that" in a message: `the token of
 * the identity has the audience ...`.
 *
 * @param label - the organization in messages: `organization "payments"`
 */
export const formatOrganizationCheck = (
  { identity, organizationId }: { identity: Identity; organizationId: string },
  label: string,
): string =>
  IDENTITY_TYPES[identity.type].organizationIn === "proof"
    ? `${organizationId}, the UUID in the proof, is that of ${label}`
    : `the token of the identity has the audience \`datadog/${organizationId}\``;
