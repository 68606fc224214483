import { createExchange, type ExchangeOptions } from "../api/client.js";
import { obtainProof, type ProofContext } from "./obtain-proof.js";
import { TokenSource } from "./token-source.js";

/** The default {@link ProofContext.timeoutMs}. It equals the default timeout of one request to the API. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** Opens the source of the access tokens for an identity in one organization. Sends no request. */
export function openTokenSource(
  options: ExchangeOptions & Pick<ProofContext, "env" | "suffix">,
): TokenSource {
  const { env, suffix, label, requestTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { identity, organizationId } = options.authentication;
  return new TokenSource({
    obtainProof: () =>
      obtainProof(identity, organizationId, { env, suffix, label, timeoutMs: requestTimeoutMs }),
    exchangeProof: createExchange(options),
  });
}
