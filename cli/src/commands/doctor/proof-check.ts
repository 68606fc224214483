import type { WorkloadIdentity } from "datadog-org-connections-core/api/authentication.js";
import type { ErrorCode } from "datadog-org-connections-core/api/error-codes.js";
import { formatIdentityType } from "datadog-org-connections-core/api/identity.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { createOk, createProblem, type Cause, type Check } from "./check.js";
import { describeProof, type ProofDescription } from "./describe-proof.js";
import { PROBE_TIMEOUT_MS } from "./probe.js";

/** The credentials of an organization with a workload identity. */
export type IdentityCredentials = Credentials & { authentication: WorkloadIdentity };

/** A proof, and a description that does not reveal the proof. */
export interface ObtainedProof extends Pick<ProofDescription, "description"> {
  /** A credential: never print it. */
  proof: string;
}

/** Maps error codes to the causes that `doctor` reports. */
const CAUSES: Partial<Record<ErrorCode, Cause>> = {
  "identity-missing": "identity-missing",
  "identity-invalid": "identity-invalid",
  "issuer-unreachable": "issuer-unreachable",
};

/** Obtains the proof of an identity as `pulumi up` does, and describes it without revealing it. */
export async function checkProof({
  authentication,
  label,
  suffix,
  env,
}: IdentityCredentials): Promise<{ check: Check; obtained?: ObtainedProof }> {
  const { identity, organizationId } = authentication;
  const { obtainProof } = await import("datadog-org-connections-core/identity/obtain-proof.js");
  // For a token, `onToken` provides a more precise origin, such as a variable.
  let origin = `the credentials of ${formatIdentityType(identity)}`;
  try {
    const proof = await obtainProof(identity, organizationId, {
      env,
      suffix,
      label,
      timeoutMs: PROBE_TIMEOUT_MS,
      onToken: (name) => {
        origin = name;
      },
    });
    const { description, validity } = describeProof(proof);
    const found = `The proof is from ${origin}: ${description}. ${validity}`;
    return { check: createOk("proof", found), obtained: { proof, description } };
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    const { code, happened, detail, advice } = error;
    const found = detail === undefined ? happened : `${happened} ${detail}`;
    const next = advice ?? "Correct the setting.";
    return { check: createProblem("proof", CAUSES[code] ?? "invalid-settings", found, next) };
  }
}
