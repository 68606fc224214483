import { refuseCaller, type Identified } from "../identified.js";
import type { SandboxContext } from "../sandbox-context.js";
import type { SentCredentials } from "../sent-credentials.js";
import { identifyByAwsRequest } from "./aws-request.js";
import { identifyByJwt } from "./jwt.js";

const JWT = String.raw`[\w-]+\.[\w-]+\.[\w-]+`;
/** `oidc-` marks a token of an issuer that Datadog has no own support for. */
const JWT_PROOF = new RegExp(`^(?:oidc-)?(${JWT})$`);
const AZURE_PROOF = new RegExp(`^(${JWT}):([0-9a-f-]{36})$`, "i");

/**
 * Finds the organization that accepts the proof of a workload identity, and the user that the proof is mapped to. The forms of a
 * proof are those of Datadog's own clients: https://github.com/DataDog/datadog-api-client-go/tree/master/api/datadog
 *
 * Assumptions: 401 for a proof that is not valid, and for a proof together with a key; 403 for a valid one that is mapped to no
 * user. The messages contain the reason, which Datadog's may not.
 */
export async function identifyWorkload(
  context: SandboxContext,
  { credentials, proof }: Pick<SentCredentials, "credentials" | "proof">,
): Promise<Identified> {
  if (credentials !== "proof") return refuseCaller(401, "Unauthorized");
  if (proof.includes("|")) return identifyByAwsRequest(context, proof);
  const [, jwt] = JWT_PROOF.exec(proof) ?? [];
  if (jwt !== undefined) return identifyByJwt(context, jwt);
  const [, azureToken, organizationId] = AZURE_PROOF.exec(proof) ?? [];
  if (azureToken !== undefined) return identifyByJwt(context, azureToken, organizationId);
  return refuseCaller(401, "Unauthorized: the proof has no known form");
}
