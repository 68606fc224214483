import { createExchange, type ExchangeOptions } from "../api/exchange.js";
import { obtainProof, type ProofContext } from "./obtain-proof.js";
import { TokenSource } from "./token-source.js";

/** How long a request for a proof may take by default, in milliseconds, as a request of the API. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** Opens the access tokens of one organization's identity. */
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
