/** What `doctor` shows of a proof: only some claims, without invisible characters, whatever an issuer writes into them. */
import { describe, expect, test } from "vitest";
import { describeProof } from "../../../../cli/src/commands/doctor/identity-checks.js";

const ORGANIZATION = "aaaaaaaa-0003-4000-8000-000000000003";
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const createToken = (claims: unknown) => `${encode({ alg: "RS256" })}.${encode(claims)}.c2lnbmF0dXJl`;
const CLAIMS = { iss: "https://issuer.example.com", sub: "a job", aud: "datadog/x", exp: 1795766400 };

test.each<[string, (token: string) => string]>([
  ["a token as it is", (token) => token],
  ["a token of an OpenID Connect issuer", (token) => `oidc-${token}`],
  ["a token with an organization after it", (token) => `${token}:${ORGANIZATION}`],
])("%s: its claims, audience and expiry", (_, toProof) => {
  expect(describeProof(toProof(createToken(CLAIMS)))).toEqual({
    description: 'a token with iss "https://issuer.example.com", sub "a job"',
    validity: 'Its audience is "datadog/x". It expires at 2026-11-27T08:00:00.000Z.',
  });
});

describe("a token with unusual claims", () => {
  const describeClaims = (claims: unknown) => describeProof(createToken(claims));

  test("has no claim to compare, if none is a string", () => {
    expect(describeClaims({ iss: 1, sub: { sub: "x" }, ref: null }).description).toBe(
      "a token with no claim that a mapping can compare",
    );
  });

  test("shows no other claims, which may be personal", () => {
    const { description, validity } = describeClaims({ ...CLAIMS, name: "canary", user_login: "canary" });
    expect(description + validity).not.toContain("canary");
  });

  test("has its invisible characters escaped, and long claims shortened", () => {
    const { description, validity } = describeClaims({
      sub: "a\nb\u202e",
      ref: "r".repeat(500),
      aud: ["\u0007"],
    });
    expect(description).toContain(String.raw`sub "a\u{a}b\u{202e}"`);
    expect(description.length).toBeLessThan(300);
    expect(validity).toContain(String.raw`Its audience is "\u{7}".`);
  });

  test.each([undefined, "1795766400", 1e300, Number.NaN])("expires at an unknown time: %j", (exp) => {
    expect(describeClaims({ ...CLAIMS, exp }).validity).toContain("Its expiry time is unknown.");
  });

  test("has an unknown audience, if it is not a string or a list of strings", () => {
    expect(describeClaims({ aud: [1] }).validity).toContain("Its audience is unknown.");
  });
});

test("a proof of AWS shows how to find the role, which it does not contain", () => {
  expect(describeProof("body|headers|POST|url").description).toContain("`aws sts get-caller-identity`");
});
