import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../core/src/api/error-codes.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { TokenSource } from "../../../core/src/identity/token-source.js";

const LIFETIME = 900_000;

/** Creates a token source with a clock that only a test advances. Tokens and proofs are numbered. */
function createSource(lifetime = LIFETIME) {
  let time = 1_000_000;
  let failure: ErrorCode | undefined;
  const exchanged: string[] = [];
  const source = new TokenSource({
    obtainProof: () => Promise.resolve(`proof-${exchanged.length + 1}`),
    exchangeProof: async (proof) => {
      exchanged.push(proof);
      await new Promise((resolve) => setImmediate(resolve));
      if (failure) throw new OrgConnectionsError(failure, "failed");
      return { token: `token-${exchanged.length}`, expiresAt: time + lifetime };
    },
    now: () => time,
  });
  return {
    source,
    exchanged,
    advance: (ms: number) => void (time += ms),
    fail: (code: ErrorCode | undefined) => void (failure = code),
  };
}

const catchCode = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => (error as OrgConnectionsError).code,
  );

test("100 concurrent requests need one exchange, and later ones need none", async () => {
  const { source, exchanged } = createSource();
  const tokens = await Promise.all(Array.from({ length: 100 }, () => source.getToken()));
  expect(new Set(tokens)).toEqual(new Set(["token-1"]));
  expect(await source.getToken()).toBe("token-1");
  expect(exchanged).toEqual(["proof-1"]);
});

describe("a token is renewed before it expires, with a new proof", () => {
  test.each([
    ["a minute before", LIFETIME, LIFETIME - 60_000],
    ["after 90% of a shorter life", 100_000, 90_000],
  ])("%s", async (_, lifetime, renewedAfter) => {
    const { source, exchanged, advance } = createSource(lifetime);
    await source.getToken();
    advance(renewedAfter - 1);
    expect(await source.getToken()).toBe("token-1");
    advance(1);
    const tokens = await Promise.all([source.getToken(), source.getToken()]);
    expect(tokens).toEqual(["token-2", "token-2"]);
    expect(exchanged).toEqual(["proof-1", "proof-2"]);
  });

  test("and serves until it expires if the renewal fails", async () => {
    const { source, exchanged, advance, fail } = createSource();
    await source.getToken();
    fail("server-error");
    advance(LIFETIME - 60_000);
    expect(await source.getToken()).toBe("token-1");
    advance(59_999);
    expect(await source.getToken()).toBe("token-1");
    advance(1);
    expect(await catchCode(source.getToken())).toBe("server-error");
    expect(exchanged).toHaveLength(4);
  });

  test("and serves until it expires if the renewal is refused, which is not repeated", async () => {
    const { source, exchanged, advance, fail } = createSource();
    await source.getToken();
    fail("identity-refused");
    advance(LIFETIME - 60_000);
    expect(await source.getToken()).toBe("token-1");
    advance(59_999);
    expect(await source.getToken()).toBe("token-1");
    expect(exchanged).toHaveLength(2);
    advance(1);
    expect(await catchCode(source.getToken())).toBe("identity-refused");
  });
});

describe("a token that Datadog did not accept", () => {
  test("is discarded, and replaced by one exchange for all requests that used it", async () => {
    const { source, exchanged } = createSource();
    const token = await source.getToken();
    expect([source.dropToken(token), source.dropToken(token)]).toEqual([true, true]);
    expect(await Promise.all([source.getToken(), source.getToken()])).toEqual(["token-2", "token-2"]);
    // A late 401 of the first token does not discard the second one.
    expect(source.dropToken(token)).toBe(true);
    expect(await source.getToken()).toBe("token-2");
    expect(exchanged).toHaveLength(2);
  });

  test("stays if another one was discarded in the last minute", async () => {
    const { source, exchanged, advance } = createSource();
    expect(source.dropToken(await source.getToken())).toBe(true);
    advance(59_999);
    expect(source.dropToken(await source.getToken())).toBe(false);
    expect(await source.getToken()).toBe("token-2");
    advance(1);
    expect(source.dropToken("token-2")).toBe(true);
    expect(await source.getToken()).toBe("token-3");
    expect(exchanged).toHaveLength(3);
  });
});

describe("a failed exchange", () => {
  test.each(["identity-refused", "identity-not-mapped", "clock-wrong"] as const)(
    "with %s is not repeated for a minute",
    async (code) => {
      const { source, exchanged, advance, fail } = createSource();
      fail(code);
      const failures = await Promise.all(Array.from({ length: 200 }, () => catchCode(source.getToken())));
      expect(new Set(failures)).toEqual(new Set([code]));
      advance(59_999);
      expect(await catchCode(source.getToken())).toBe(code);
      expect(exchanged).toHaveLength(1);
      fail(undefined);
      advance(1);
      expect(await source.getToken()).toBe("token-2");
    },
  );

  test.each(["server-error", "rate-limited", "identity-missing"] as const)(
    "with %s is repeated for the next request",
    async (code) => {
      const { source, exchanged, fail } = createSource();
      fail(code);
      expect(await catchCode(source.getToken())).toBe(code);
      fail(undefined);
      expect(await source.getToken()).toBe("token-2");
      expect(exchanged).toHaveLength(2);
    },
  );

  test("after a token was discarded does not return that token", async () => {
    const { source, fail } = createSource();
    source.dropToken(await source.getToken());
    fail("identity-refused");
    expect(await catchCode(source.getToken())).toBe("identity-refused");
  });
});

test("all proofs and tokens of a session are secrets, and so is the token in a proof", async () => {
  const { source } = createSource();
  source.dropToken(await source.getToken());
  await source.getToken();
  expect(source.listSecrets()).toEqual(["proof-1", "token-1", "proof-2", "token-2"]);
  const jwt = "j".repeat(100);
  const organizationId = "aaaaaaaa-0001-4000-8000-000000000001";
  for (const proof of [`oidc-${jwt}`, `${jwt}:${organizationId}`, `Ym9keQ==|${jwt}|POST|dXJs`]) {
    const other = new TokenSource({
      obtainProof: () => Promise.resolve(proof),
      exchangeProof: () => Promise.resolve({ token: "token", expiresAt: Infinity }),
    });
    await other.getToken();
    expect(other.listSecrets().toSorted()).toEqual([proof, jwt, "token"].toSorted());
  }
});
