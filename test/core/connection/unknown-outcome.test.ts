import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { isUnknownOutcome } from "../../../core/src/connection/unknown-outcome.js";

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
