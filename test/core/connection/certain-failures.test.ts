import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { errorCodes, type ErrorCode } from "../../../core/src/api/error-codes.js";
import { toCertainFailure } from "../../../core/src/connection/certain-failures.js";

const isCertain = (code: ErrorCode): boolean =>
  toCertainFailure(new OrgConnectionsError(code, "failed")) !== undefined;

/** Codes that prove that the update would fail too. The other codes may have a temporary cause. */
const CERTAIN: readonly ErrorCode[] = [
  "invalid-configuration",
  "credentials-missing",
  "unknown-source",
  "identity-missing",
  "identity-invalid",
  "clock-wrong",
  "identity-refused",
  "identity-not-mapped",
  "unauthenticated",
  "forbidden",
  "name-not-resolved",
  "tls-failed",
  "redirected",
  "unexpected-response",
  "response-too-large",
  "wrong-organization",
  "invalid-input",
  "not-found",
  "pair-exists",
];

test.each(errorCodes)("%s fails a preview only if the update would fail too", (code) => {
  expect(isCertain(code)).toBe(CERTAIN.includes(code));
});

test("a defect of this package is not a failure of a preview check", () => {
  const defect = new TypeError("defect");
  expect(() => toCertainFailure(defect)).toThrow(defect);
});
