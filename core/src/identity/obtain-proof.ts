import type { Identity } from "../api/identity.js";
import type { ProofContext } from "./proof-context.js";

export type { ProofContext } from "./proof-context.js";

type IdentityOf<T extends Identity["type"]> = { [P in T]: Extract<Identity, { type: P }> & { type: P } }[T];

/** Obtains a proof of one type of identity for an organization. */
type ObtainProof<T extends Identity["type"]> = (
  identity: IdentityOf<T>,
  organizationId: string,
  context: ProofContext,
) => string | Promise<string>;

/** Loads only the code that this type of identity needs. */
const LOADERS: { [T in Identity["type"]]: () => Promise<ObtainProof<T>> } = {
  aws: async () => (await import("./aws.js")).obtainAwsProof,
  gcp: async () => (await import("./gcp.js")).obtainGcpProof,
  azure: async () => (await import("./azure.js")).obtainAzureProof,
  github: async () => {
    const { obtainGitHubProof } = await import("./github.js");
    return (_, organizationId, context) => obtainGitHubProof(organizationId, context);
  },
  oidc: async () => (await import("./oidc.js")).obtainOidcProof,
  hcp: async () => (await import("./hcp.js")).obtainHcpProof,
};

/**
 * Obtains a proof of the workload's identity for one organization. Datadog exchanges the proof for an access token. The proof is a
 * credential: never print it.
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`, `invalid-configuration`
 */
export async function obtainProof<T extends Identity["type"]>(
  identity: IdentityOf<T>,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  const obtain = await LOADERS[identity.type]();
  return obtain(identity, organizationId, context);
}
