import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { errorCodes, getErrorRecord, isRefusal } from "../../../core/src/api/error-codes.js";
import { isUnknownOutcome, toCertainFailure } from "../../../core/src/connection/failure-certainty.js";

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

test.each([
  ["a refusal of the API", 403, ["Forbidden"], false],
  ["a refusal without a message, which may come from an intermediary", 403, [], true],
  ["a response that only a redirect can have", 300, [], true],
  ["the rate limit, which refuses before anything is done", 429, ["Too many requests"], false],
  ["the rate limit without a message", 429, [], false],
])("%s: whether the outcome of the write is unknown", (_, status, apiErrors, isUnknown) => {
  const code = status === 429 ? "rate-limited" : "forbidden";
  expect(isUnknownOutcome(new OrgConnectionsError(code, "Refused.", { status, apiErrors }))).toBe(isUnknown);
});
