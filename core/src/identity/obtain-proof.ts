import type { Identity } from "../api/identity.js";
import type { ProofContext } from "./proof-context.js";

export type { ProofContext } from "./proof-context.js";

/**
 * Obtains a proof of the workload's identity for one organization. Datadog exchanges the proof for an access token. Loads only the code
 * that this type of identity needs. The proof is a credential: never print it.
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`, `invalid-configuration`
 */
export async function obtainProof(
  identity: Identity,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  switch (identity.type) {
    case "aws": {
      const { obtainAwsProof } = await import("./aws.js");
      return obtainAwsProof(identity, organizationId, context);
    }
    case "gcp": {
      const { obtainGcpProof } = await import("./gcp.js");
      return obtainGcpProof(identity, organizationId, context);
    }
    case "azure": {
      const { obtainAzureProof } = await import("./azure.js");
      return obtainAzureProof(identity, organizationId, context);
    }
    case "github": {
      const { obtainGitHubProof } = await import("./github.js");
      return obtainGitHubProof(organizationId, context);
    }
    case "oidc": {
      const { obtainOidcProof } = await import("./oidc.js");
      return obtainOidcProof(identity, organizationId, context);
    }
    case "hcp": {
      const { obtainHcpProof } = await import("./hcp.js");
      return obtainHcpProof(identity, organizationId, context);
    }
  }
}
