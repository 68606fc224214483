import type { AccessTokens } from "./access-tokens.js";
import type { SentAuthentication } from "./authentication.js";
import { createSender, NoResponseError, TIMED_OUT, type Sender } from "./http.js";

/** Sends the request of one attempt. */
export interface AttemptSender {
  send: Sender;
  /**
   * Drops the access token of this attempt after a 401. Returns whether an attempt with another token may succeed. With
   * {@link createFixedSenders}, drops nothing and returns false.
   */
  dropToken(): boolean;
}

/** Opens the sender of each attempt. */
export interface AttemptSenders {
  /**
   * Opens the sender of an attempt.
   *
   * @param getMaxWaitMs - returns the remaining time of the call, in milliseconds, which limits the wait for an access token
   * @throws {@link NoResponseError} if there is no token in time, and the errors of `AccessTokens.getToken`
   */
  open(getMaxWaitMs: () => number): Promise<AttemptSender>;
  /** Lists the secrets that messages must not contain. */
  listSecrets(): readonly string[];
}

/**
 * Creates the senders of requests that all carry the same credentials.
 *
 * @param secrets - what messages must not contain
 */
export function createFixedSenders(
  baseUrl: string,
  authentication: SentAuthentication,
  secrets: readonly string[],
): AttemptSenders {
  const sender = { send: createSender({ baseUrl, authentication }), dropToken: () => false };
  return { open: () => Promise.resolve(sender), listSecrets: () => secrets };
}

/** Creates the senders of requests that carry the current access token of an identity, and no other credentials. */
export function createTokenSenders(baseUrl: string, tokens: AccessTokens): AttemptSenders {
  let last: { token: string; send: Sender } | undefined;
  return {
    open: async (getMaxWaitMs) => {
      const token = await waitAtMost(tokens.getToken(), getMaxWaitMs());
      // With no time left, a request would time out immediately, and the outcome of a write would needlessly be unknown.
      if (getMaxWaitMs() <= 0) throw new NoResponseError(TIMED_OUT);
      if (last?.token !== token) {
        last = { token, send: createSender({ baseUrl, authentication: { kind: "token", token } }) };
      }
      return { send: last.send, dropToken: () => tokens.dropToken(token) };
    },
    listSecrets: () => tokens.listSecrets(),
  };
}

/** The maximum delay of a Node timer. A timer with a longer delay fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits for a token, at most `ms` milliseconds. `getToken` has no timeout: calls with different timeouts share an exchange. */
async function waitAtMost<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoResponseError(TIMED_OUT)), Math.min(Math.max(1, ms), MAX_TIMER_MS));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
