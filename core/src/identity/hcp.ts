import type { HcpTerraformIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { checkToken, formatAudience } from "./jwt.js";
import { readVariable, type ProofContext } from "./proof-context.js";

const TOKEN_VARIABLE = "TFC_WORKLOAD_IDENTITY_TOKEN";
const AUDIENCE_VARIABLE = "TFC_WORKLOAD_IDENTITY_AUDIENCE";
const DEFAULT_TAG = "DATADOG";

/**
 * The issuers of HCP Terraform. Datadog has a separate integration for these issuers, so their tokens are sent without the prefix
 * `oidc-`.
 */
const HCP_ISSUERS: readonly string[] = ["https://app.terraform.io", "https://app.eu.terraform.io"];

/**
 * Obtains the proof of a run of HCP Terraform: the token that HCP Terraform passes to the run. With Terraform Enterprise, the
 * proof is the token with the prefix `oidc-`, as for any OpenID Connect issuer. Datadog's Terraform provider uses the same two
 * forms:
 * https://registry.terraform.io/providers/DataDog/datadog/latest/docs/guides/dynamic_provider_credentials
 *
 * @throws `identity-missing`, `identity-invalid`
 */
export function obtainHcpProof(
  { tag }: HcpTerraformIdentity,
  organizationId: string,
  context: ProofContext,
): string {
  const taggedName = `${TOKEN_VARIABLE}_${tag ?? DEFAULT_TAG}`;
  // If `tag` is set, use only the token with this tag. A token without a tag may be for another organization.
  const variable =
    readVariable(context, taggedName) ??
    (tag === undefined ? readVariable(context, TOKEN_VARIABLE) : undefined);
  const audience = formatAudience(organizationId);
  if (variable === undefined) {
    throw new OrgConnectionsError("identity-missing", {
      happened: `The workload identity of ${context.label} cannot be proven: ${taggedName} is not set.`,
      advice:
        `Set the environment variable ${AUDIENCE_VARIABLE}_${tag ?? DEFAULT_TAG} of the workspace in HCP Terraform to "${audience}". ` +
        "HCP Terraform then sets the token in each run of this workspace. A run outside of HCP Terraform gets no token.",
    });
  }
  const audienceName = variable.name.replace(TOKEN_VARIABLE, AUDIENCE_VARIABLE);
  const { text, issuer } = checkToken(
    variable.value,
    organizationId,
    {
      name: variable.name,
      contentAdvice: `Remove ${variable.name} from the variables of the workspace: HCP Terraform sets it.`,
      audienceAdvice: `Set the environment variable ${audienceName} of the workspace in HCP Terraform to "${audience}".`,
      renewAdvice: "Start a new run.",
    },
    context,
  );
  // Any other issuer is an installation of Terraform Enterprise.
  return issuer === undefined || HCP_ISSUERS.includes(issuer) ? text : `oidc-${text}`;
}
