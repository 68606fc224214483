import { describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { checkToken, type TokenOrigin } from "../../../core/src/identity/jwt.js";
import { AUDIENCE, createContext, createToken, NOW, ORGANIZATION_ID } from "./harness.js";

const ORIGIN: TokenOrigin = {
  name: "DD_OIDC_TOKEN",
  contentAdvice: "Correct the content.",
  audienceAdvice: "Correct the audience.",
  renewAdvice: "Renew it.",
};
const check = (text: string) => checkToken(text, ORGANIZATION_ID, ORIGIN, createContext());

/** Returns the error of a token that must be refused. */
function catchRefusal(text: string) {
  try {
    check(text);
  } catch (error) {
    if (isOrgConnectionsError(error, "identity-invalid")) return error;
    throw error;
  }
  throw new Error("the token was accepted");
}

describe("a token is accepted", () => {
  test.each([
    ["one audience", AUDIENCE],
    ["several audiences", ["sts.amazonaws.com", AUDIENCE]],
    ["the organization's UUID in upper case", AUDIENCE.toUpperCase()],
  ])("with %s", (_, aud) => {
    expect(check(createToken({ aud })).issuer).toBe("https://issuer.example.com");
  });

  test("without an issuer, which only HCP Terraform needs", () => {
    expect(check(createToken({ iss: undefined })).issuer).toBeUndefined();
  });

  test("with spaces around it, which are not a part of it", () => {
    const token = createToken();
    expect(check(` ${token}\r\n`).text).toBe(token);
  });
});

describe("a token is refused", () => {
  test.each<[string, object]>([
    ["no audience", { aud: undefined }],
    ["an audience that is not text", { aud: 1 }],
    ["no expiry time", { exp: undefined }],
    ["an expiry time as text", { exp: "1795766700" }],
    ["an expiry time that is no date", { exp: 1e300 }],
    ["an issuer that is not text", { iss: {} }],
  ])("with %s", (_, claims) => {
    const error = catchRefusal(createToken(claims));
    expect(error.happened).toContain("the token from DD_OIDC_TOKEN is not a JSON Web Token");
    expect(error.advice).toBe("Correct the content.");
  });

  test.each([
    "",
    "a.b",
    "a.b.c.d",
    "a.b.c",
    `${Buffer.from("null").toString("base64url")}.bnVsbA.c2ln`,
    `"${createToken()}"`,
    `Bearer ${createToken()}`,
  ])("if it is no token (%#)", (text) => {
    expect(catchRefusal(text).happened).toContain("is not a JSON Web Token");
  });

  test("if it is too long", () => {
    const { happened } = catchRefusal(createToken({ padding: "x".repeat(20_000) }));
    expect(happened).toContain("has more than 16384 characters");
  });

  test("if it was issued for another organization too, because Datadog could exchange it for either", () => {
    const error = catchRefusal(
      createToken({ aud: ["sts.amazonaws.com", AUDIENCE, "DATADOG/bbbbbbbb-0001-4000-8000-000000000001"] }),
    );
    expect(error.happened).toContain(`several organizations ("${AUDIENCE}", "DATADOG/bbbbbbbb-`);
    expect(error.advice).toBe("Correct the audience.");
  });

  test("if it has expired: when, and that the clock may be wrong", () => {
    const error = catchRefusal(createToken({ exp: NOW / 1000 }));
    expect(error.happened).toContain("expired at 2026-11-27T08:00:00.000Z");
    expect(error.advice).toMatch(/^Renew it\..*clock/);
  });

  test.each<[string, unknown, string]>([
    ["another organization", "datadog/bbbbbbbb-0001-4000-8000-000000000001", "datadog/bbbbbbbb"],
    ["a part of the audience", AUDIENCE.slice(0, -1), `"${AUDIENCE.slice(0, -1)}"`],
    ["no audience at all", [], "(none)"],
    ["invisible characters", "a\u202eb", "a\\u{202e}b"],
    ["a long text, which is truncated", "x".repeat(500), `${"x".repeat(80)}\\#`],
  ])("if it is for %s", (_, aud, quoted) => {
    const error = catchRefusal(createToken({ aud }));
    expect(error.happened).toContain(`not for "${AUDIENCE}"`);
    expect(error.happened).toContain(quoted);
    expect(error.advice).toBe("Correct the audience.");
  });
});
