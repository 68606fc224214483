import type { HcpTerraformIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { checkToken, formatAudience } from "./jwt.js";
import { readVariable, type ProofContext } from "./proof-context.js";

const TOKEN_VARIABLE = "TFC_WORKLOAD_IDENTITY_TOKEN";
const AUDIENCE_VARIABLE = "TFC_WORKLOAD_IDENTITY_AUDIENCE";
const DEFAULT_TAG = "DATADOG";

/** The issuers of HCP Terraform. Datadog has its own integration for them. */
const HCP_ISSUERS: readonly string[] = ["https://app.terraform.io", "https://app.eu.terraform.io"];

/**
 * Obtains the proof of a run of HCP Terraform: the token that it passes to the run. An installation of Terraform
 * Enterprise is another issuer: its proof has the form of an OpenID Connect proof, `oidc-` and the token. The Terraform provider uses
 * the same two forms:
 * https://registry.terraform.io/providers/DataDog/datadog/latest/docs/guides/dynamic_provider_credentials
 *
 * @throws `identity-missing`, `identity-invalid`
 */
export function obtainHcpProof(
  { tag }: HcpTerraformIdentity,
  organizationId: string,
  context: ProofContext,
): string {
  const usualName = `${TOKEN_VARIABLE}_${tag ?? DEFAULT_TAG}`;
  // A tag that was chosen never falls back to another token, which may be for another organization.
  const variable =
    readVariable(context, usualName) ??
    (tag === undefined ? readVariable(context, TOKEN_VARIABLE) : undefined);
  const audience = formatAudience(organizationId);
  if (variable === undefined) {
    throw new OrgConnectionsError("identity-missing", {
      happened: `The workload identity of ${context.label} cannot be proven: ${usualName} is not set.`,
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
  return issuer === undefined || HCP_ISSUERS.includes(issuer) ? text : `oidc-${text}`;
}
