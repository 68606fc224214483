import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import type { ErrorCode } from "../../../core/src/api/error-codes.js";
import { toCertainFailure } from "../../../core/src/connection/certain-failures.js";

const isCertain = (code: ErrorCode): boolean =>
  toCertainFailure(new OrgConnectionsError(code, "failed")) !== undefined;

test.each([
  "identity-missing",
  "identity-invalid",
  "identity-refused",
  "identity-not-mapped",
  "clock-wrong",
] as const)("%s fails a preview, because the update would fail too", (code) => {
  expect(isCertain(code)).toBe(true);
});

test.each(["issuer-unreachable", "rate-limited", "server-error", "timed-out", "proxy-refused"] as const)(
  "%s does not fail a preview, because it may be temporary",
  (code) => {
    expect(isCertain(code)).toBe(false);
  },
);

test("a defect of this package is not a failure of a preview check", () => {
  const defect = new TypeError("defect");
  expect(() => toCertainFailure(defect)).toThrow(defect);
});
