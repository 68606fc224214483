import { parseAccessToken, listProofSecrets, type AccessToken } from "./access-tokens.js";
import { ApiCalls } from "./api-calls.js";
import { createLimiter, type CallOptions } from "./call-options.js";
import { createFixedSenders } from "./attempt-sender.js";
import type { WorkloadIdentity } from "./authentication.js";
import { explainExpiredToken } from "./explain-exchange.js";
import { OrgConnectionsError } from "./org-connections-error.js";
import { formatCall } from "./routes.js";

/** The options of the token exchange for an organization with a workload identity. */
export interface ExchangeOptions extends CallOptions {
  authentication: WorkloadIdentity;
}

/** Exchanges a proof for an access token. */
export type ProofExchange = (proof: string) => Promise<AccessToken>;

/**
 * Creates the exchange of one organization: https://docs.datadoghq.com/account_management/cloud_provider_authentication/
 *
 * An exchange has the same attempts and timeouts as every call. Exchanges have their own limiter, because attempts of other calls
 * wait for the exchange. With a shared limiter, these attempts could occupy all places, and the exchange could not start.
 *
 * The exchange throws `identity-refused`, `identity-not-mapped`, `clock-wrong`, and the errors of every call.
 */
export function createExchange(options: ExchangeOptions): ProofExchange {
  const limiter = createLimiter(options);
  return async (proof) => {
    const { baseUrl } = options;
    const senders = createFixedSenders(baseUrl, { kind: "proof", proof }, listProofSecrets(proof));
    const calls = new ApiCalls(options, senders, limiter);
    const accessToken = await calls.send({ route: "exchangeToken" }, parseAccessToken);
    if (accessToken.expiresAt > Date.now()) return accessToken;
    throw new OrgConnectionsError(
      "clock-wrong",
      explainExpiredToken({ ...options, workloadIdentity: options.authentication }),
      { call: formatCall("exchangeToken") },
    );
  };
}
