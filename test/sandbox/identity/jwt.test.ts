import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createClock, UNKNOWN_ID, useSandbox } from "../harness.js";
import { createToken, decodeToken, encodePart } from "./decode-token.js";
import { exchange, formatAudience } from "./exchange.js";

const clock = createClock();
const sandbox = useSandbox({ now: clock.now });
const getAudience = (key = "payments") => formatAudience(sandbox(), key);
const issue = (claims?: Record<string, unknown>, audience: string | string[] = getAudience()) =>
  sandbox().issuer.issueToken({ audience, ...(claims && { claims }) });
const mapAll = (organization = "payments") =>
  sandbox().mapIdentity({ organization, identity: { type: "jwt", claims: {} } });

describe("a token of the issuer is exchanged for an access token", () => {
  test("with the documented body", async () => {
    mapAll();
    const { status, body } = await exchange(sandbox(), await issue());
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        type: "delegated_token",
        attributes: {
          access_token: expect.stringMatching(/^sandbox-access-token-/) as string,
          expires: String(Math.floor(clock.now().getTime() / 1000) + 900),
        },
      },
    });
  });

  test("also after the prefix oidc-", async () => {
    mapAll();
    expect((await exchange(sandbox(), `oidc-${await issue()}`)).status).toBe(200);
  });

  test("if one of its audiences names the organization, in any case", async () => {
    mapAll();
    const upperCase = getAudience().replace("aaaaaaaa", "AAAAAAAA");
    const audience = ["https://example.com", `datadog/${UNKNOWN_ID}`, upperCase];
    expect((await exchange(sandbox(), await issue({}, audience))).status).toBe(200);
  });

  test("of another issuer that a mapping names", async () => {
    const iss = "https://app.terraform.io";
    sandbox().mapIdentity({ organization: "payments", identity: { type: "jwt", issuer: iss, claims: {} } });
    expect((await exchange(sandbox(), await issue({ iss }))).status).toBe(200);
    expect((await exchange(sandbox(), await issue())).status).toBe(403);
  });

  test("of Azure, with the organization after a colon and any audience", async () => {
    mapAll();
    const token = await issue({}, "https://management.azure.com");
    const { id } = sandbox().getOrganization("payments");
    expect((await exchange(sandbox(), `${token}:${id}`)).status).toBe(200);
    expect((await exchange(sandbox(), `${token}:${sandbox().getOrganization("checkout").id}`)).status).toBe(
      403,
    );
    expect((await exchange(sandbox(), `${token}:${UNKNOWN_ID}`)).status).toBe(401);
    expect((await exchange(sandbox(), token)).status).toBe(401);
  });
});

describe("401", () => {
  test.each([
    ["an audience without an organization", () => issue({}, "https://example.com")],
    ["the audience of an unknown organization", () => issue({}, `datadog/${UNKNOWN_ID}`)],
    ["the UUID as the audience", () => issue({}, sandbox().getOrganization("payments").id)],
    ["the audience of a disabled organization", () => issue({}, getAudience("retired"))],
    ["an issuer that no mapping names", () => issue({ iss: "https://example.com" })],
    ["a token that does not expire", () => issue({ exp: undefined })],
    ["a token without a subject", () => issue({ sub: undefined })],
    ["a token that is not valid yet", () => issue({ nbf: clock.now().getTime() / 1000 + 60 })],
    ["a token without a signature", createUnsecured],
    ["a token with the signature of another key", createForged],
    ["a token with other claims than the signature", createChanged],
    ["a token after another prefix", async () => `other-${await issue()}`],
    ["something else", () => Promise.resolve("nonsense")],
  ])("for %s", async (_, create) => {
    mapAll();
    mapAll("retired");
    const { status, body } = await exchange(sandbox(), await create());
    expect([status, Object.keys(body)]).toEqual([401, ["errors"]]);
    expect(sandbox().requests[0]).not.toHaveProperty("organization");
  });

  test("for an expired token, by the clock of the sandbox", async () => {
    mapAll();
    const token = await sandbox().issuer.issueToken({ audience: getAudience(), lifetimeSeconds: 60 });
    clock.advance(59);
    expect((await exchange(sandbox(), token)).status).toBe(200);
    clock.advance(1);
    expect((await exchange(sandbox(), token)).body.errors?.[0]).toContain("the token has expired");
    const expired = await sandbox().issuer.issueToken({ audience: getAudience(), lifetimeSeconds: 0 });
    expect((await exchange(sandbox(), expired)).status).toBe(401);
  });

  test("for a proof together with a key, and for a request without a proof", async () => {
    mapAll();
    const key = { "DD-API-KEY": "sandbox-api-key-payments" };
    expect((await exchange(sandbox(), await issue(), key)).status).toBe(401);
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    const response = await fetch(`${sandbox().url}/api/v2/delegated-token`, {
      method: "POST",
      headers: { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey },
    });
    expect(response.status).toBe(401);
    expect(sandbox().requests.map(({ credentials }) => credentials)).toEqual(["mixed", "keys"]);
  });

  test("for a proof at another call, also together with keys", async () => {
    mapAll();
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    const authorization = { Authorization: `Delegated ${await issue()}` };
    for (const keys of [{}, { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey }]) {
      const headers = { ...authorization, ...keys };
      const response = await fetch(`${sandbox().url}/api/v2/org_connections`, { headers });
      expect(response.status).toBe(401);
    }
  });
});

describe("mapping by claims", () => {
  const main = { sub: "repo:acme/infrastructure:ref:refs/heads/main", repository: "acme/infrastructure" };
  const exchangeAs = async (claims: Record<string, unknown>, key?: string) =>
    (await exchange(sandbox(), await issue(claims, getAudience(key)))).status;
  const mapClaims = (claims: Record<string, string | number | boolean>) =>
    sandbox().mapIdentity({ organization: "payments", identity: { type: "jwt", claims } });

  test("the token needs each claim with the same value", async () => {
    mapClaims({ repository: "acme/infrastructure", ref: "refs/heads/main" });
    expect(await exchangeAs({ ...main, ref: "refs/heads/main" })).toBe(200);
    expect(await exchangeAs({ ...main, ref: "refs/heads/next" })).toBe(403);
    expect(await exchangeAs(main)).toBe(403);
    expect(await exchangeAs({ repository: "acme/other", ref: "refs/heads/main" })).toBe(403);
  });

  test("the subject is a claim", async () => {
    mapClaims({ sub: main.sub });
    expect(await exchangeAs(main)).toBe(200);
    expect(await exchangeAs({ sub: `${main.sub}-2` })).toBe(403);
  });

  test("a list must contain the value, and numbers are not strings", async () => {
    mapClaims({ groups: "deployers", run: 7, verified: true });
    expect(await exchangeAs({ groups: ["readers", "deployers"], run: 7, verified: true })).toBe(200);
    expect(await exchangeAs({ groups: ["readers"], run: 7, verified: true })).toBe(403);
    expect(await exchangeAs({ groups: ["deployers"], run: "7", verified: true })).toBe(403);
  });

  test("a mapping is only valid in its organization", async () => {
    mapClaims({});
    expect(await exchangeAs({}, "checkout")).toBe(403);
  });

  test("a mapping to AWS does not apply to a token", async () => {
    sandbox().mapIdentity({
      organization: "payments",
      identity: { type: "aws", accessKeyId: "a", secretAccessKey: "b", sessionToken: "c", arn: "d" },
    });
    expect(await exchangeAs({})).toBe(403);
  });
});

const getClaims = () => {
  const iat = Math.floor(clock.now().getTime() / 1000);
  return { iss: sandbox().issuer.url, sub: "x", aud: getAudience(), iat, exp: iat + 300 };
};

const createUnsecured = () => Promise.resolve(`${encodePart({ alg: "none" })}.${encodePart(getClaims())}.AA`);

/** A token with the key ID of the issuer. */
async function createForged(): Promise<string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return createToken(decodeToken(await issue()).header, getClaims(), privateKey);
}

async function createChanged(): Promise<string> {
  const [header, , signature] = (await issue()).split(".");
  const [, payload] = (await issue({ repository: "acme/other" })).split(".");
  return [header, payload, signature].join(".");
}
