import { listProofSecrets, type AccessToken, type AccessTokens } from "../api/access-tokens.js";
import { createExchange, type ExchangeOptions, type ProofExchange } from "../api/client.js";
import { isRefusal } from "../api/error-codes.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { obtainProof, type ProofContext } from "./obtain-proof.js";

/** How long before expiry a token is replaced, in milliseconds. */
const RENEWAL_MARGIN_MS = 60_000;
/** Another margin, as a fraction of the token's lifetime. The shorter of this margin and {@link RENEWAL_MARGIN_MS} applies. */
const RENEWAL_FRACTION = 0.1;
/** The minimum time between two dropped tokens, and between a refused exchange and the next exchange, in milliseconds. */
const PAUSE_MS = 60_000;

/** Where a token source gets proofs and tokens from. */
export interface TokenSourceOptions {
  /** Obtains a new proof of the identity. */
  obtainProof: () => Promise<string>;
  /** Exchanges a proof for an access token. */
  exchangeProof: ProofExchange;
  /** Returns the current time, in milliseconds since the epoch. @default `Date.now` */
  now?: () => number;
}

/**
 * The access tokens of one identity in one organization, for all requests of a session. Concurrent requests share one exchange. A
 * token is replaced shortly before it expires. A token that Datadog does not accept is replaced too, at most once per minute. After
 * a refused exchange, no other exchange starts for a minute, so that 200 resources do not cause 200 exchanges. Without a token, a
 * request fails: there is no fallback to other credentials.
 */
export class TokenSource implements AccessTokens {
  private current: (AccessToken & { renewAt: number }) | undefined;
  private exchange: Promise<string> | undefined;
  private refusal: { error: OrgConnectionsError; until: number } | undefined;
  private droppedAt: number | undefined;
  private readonly secrets = new Set<string>();
  private readonly now: () => number;

  constructor(private readonly options: TokenSourceOptions) {
    this.now = options.now ?? Date.now;
  }

  async getToken(): Promise<string> {
    const { current, refusal } = this;
    if (current && this.now() < current.renewAt) return current.token;
    if (refusal && this.now() < refusal.until) return this.requireUnexpiredToken(refusal.error);
    this.exchange ??= this.replaceToken().finally(() => (this.exchange = undefined));
    return this.exchange;
  }

  dropToken(token: string): boolean {
    // The token was already dropped or replaced.
    if (this.current?.token !== token) return true;
    const now = this.now();
    if (this.droppedAt !== undefined && now - this.droppedAt < PAUSE_MS) return false;
    this.droppedAt = now;
    this.current = undefined;
    return true;
  }

  listSecrets(): readonly string[] {
    return [...this.secrets];
  }

  /** Obtains a new proof, and exchanges it for a token. After a failure, returns the result of {@link requireUnexpiredToken}. */
  private async replaceToken(): Promise<string> {
    try {
      const proof = await this.options.obtainProof();
      for (const secret of listProofSecrets(proof)) this.secrets.add(secret);
      const { token, expiresAt } = await this.options.exchangeProof(proof);
      this.secrets.add(token);
      const lifetime = expiresAt - this.now();
      const renewAt = expiresAt - Math.min(RENEWAL_MARGIN_MS, lifetime * RENEWAL_FRACTION);
      this.current = { token, expiresAt, renewAt };
      return token;
    } catch (error) {
      if (isOrgConnectionsError(error) && isRefusal(error.code)) {
        this.refusal = { error, until: this.now() + PAUSE_MS };
      }
      return this.requireUnexpiredToken(error as Error);
    }
  }

  /** Returns the current token if it was not dropped and has not expired. Otherwise, throws the given error. */
  private requireUnexpiredToken(error: Error): string {
    if (this.current && this.now() < this.current.expiresAt) return this.current.token;
    throw error;
  }
}

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
