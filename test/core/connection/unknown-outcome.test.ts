import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { isLost } from "../../../core/src/connection/lost.js";

test.each([
  ["a refusal of the API", 403, ["Forbidden"], false],
  ["a refusal without a text, which something in between may have made up", 403, [], true],
  ["the rate limit, which refuses before anything is done", 429, ["Too many requests"], false],
  ["the rate limit without a text", 429, [], false],
])("%s: whether the outcome of the write is unknown", (_, status, apiErrors, isUnknown) => {
  const code = status === 429 ? "rate-limited" : "forbidden";
  expect(isLost(new OrgConnectionsError(code, "Refused.", { status, apiErrors }))).toBe(isUnknown);
});
