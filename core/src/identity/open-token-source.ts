import { createExchange, type ExchangeOptions } from "../api/exchange.js";
import { obtainProof, type ProofContext } from "./obtain-proof.js";
import { TokenSource } from "./token-source.js";

/** The default timeout for obtaining one proof, with all its requests, in milliseconds: as long as that of one request to the API. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** Creates the source of the access tokens for the identity of one organization. Sends no request. */
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
