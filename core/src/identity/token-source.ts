import { listProofSecrets, type AccessToken, type AccessTokens } from "../api/access-tokens.js";
import type { ProofExchange } from "../api/exchange.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

/** A token is renewed this long before it expires, in milliseconds. */
const RENEWAL_MARGIN_MS = 60_000;
/** The same margin as a fraction of the token's lifetime. The shorter of the two applies. */
const RENEWAL_MARGIN = 0.1;
/** The minimum time between two tokens that are dropped, and how long a refused exchange is not repeated, in milliseconds. */
const MINUTE_MS = 60_000;

/**
 * The errors of a refused exchange. Another one within a minute would be refused, too. Other failures, such as "issuer-unreachable", may
 * be temporary.
 */
const REFUSALS = ["identity-refused", "identity-not-mapped", "clock-wrong"] as const;

/** Where a token source gets proofs and tokens from. */
export interface TokenSourceOptions {
  /** Obtains a new proof of the identity. */
  obtainProof: () => Promise<string>;
  exchangeProof: ProofExchange;
  /** The current time, in milliseconds since the epoch. @default `Date.now` */
  now?: () => number;
}

/**
 * The access tokens of one identity in one organization, for all requests of a session: one exchange for all concurrent requests,
 * renewed before the token expires and after Datadog has not accepted it. A refused exchange is not repeated for a minute, so that
 * 200 resources do not send 200 of them. Without a token, a request fails: there is no fallback to other
 * credentials.
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
    if (refusal && this.now() < refusal.until) return this.requireUnexpired(refusal.error);
    this.exchange ??= this.replaceToken().finally(() => (this.exchange = undefined));
    return this.exchange;
  }

  dropToken(token: string): boolean {
    // It was already dropped or replaced.
    if (this.current?.token !== token) return true;
    const now = this.now();
    if (this.droppedAt !== undefined && now - this.droppedAt < MINUTE_MS) return false;
    this.droppedAt = now;
    this.current = undefined;
    return true;
  }

  listSecrets(): readonly string[] {
    return [...this.secrets];
  }

  /** Exchanges a new proof for a token. If that fails, the current token serves until it expires, unless it was dropped. */
  private async replaceToken(): Promise<string> {
    try {
      const proof = await this.options.obtainProof();
      for (const secret of listProofSecrets(proof)) this.secrets.add(secret);
      const { token, expiresAt } = await this.options.exchangeProof(proof);
      this.secrets.add(token);
      const lifetime = expiresAt - this.now();
      const renewAt = expiresAt - Math.min(RENEWAL_MARGIN_MS, lifetime * RENEWAL_MARGIN);
      this.current = { token, expiresAt, renewAt };
      return token;
    } catch (error) {
      if (isOrgConnectionsError(error, ...REFUSALS)) this.refusal = { error, until: this.now() + MINUTE_MS };
      return this.requireUnexpired(error as Error);
    }
  }

  /** Returns the current token if it was not dropped and has not expired. Otherwise, throws the error of the exchange. */
  private requireUnexpired(error: Error): string {
    if (this.current && this.now() < this.current.expiresAt) return this.current.token;
    throw error;
  }
}
