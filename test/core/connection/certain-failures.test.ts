import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { errorCodes, getErrorRecord, isRefusal } from "../../../core/src/api/error-codes.js";
import { toCertainFailure } from "../../../core/src/connection/certain-failures.js";

/** The codes whose failures fail a preview. */
const certain = errorCodes.filter((code) => toCertainFailure(new OrgConnectionsError(code, "failed")));

test("a failure fails a preview exactly if its record says that the update would fail too", () => {
  expect(certain).toEqual(errorCodes.filter((code) => getErrorRecord(code).certain));
});

test("what may have passed when the update runs fails no preview", () => {
  for (const code of [
    "rate-limited",
    "server-error",
    "connection-failed",
    "timed-out",
    "issuer-unreachable",
  ]) {
    expect(certain).not.toContain(code);
  }
});

test("a wrong setting fails a preview, and so does a refusal", () => {
  expect(certain).toEqual(
    expect.arrayContaining([
      "credentials-missing",
      "unauthenticated",
      "forbidden",
      ...errorCodes.filter(isRefusal),
    ]),
  );
});

test("a defect of this package is not a failure of a preview check", () => {
  const defect = new TypeError("defect");
  expect(() => toCertainFailure(defect)).toThrow(defect);
});
