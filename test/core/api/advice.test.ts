/** An error says what happened and what to do next in fields of their own, so that nobody takes its message apart. */
import { expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { withRotationHint } from "../../../core/src/credentials/rotation.js";
import { failureOf } from "./harness.js";

const refused = new OrgConnectionsError("unauthenticated", {
  happened: "Datadog did not accept the keys\u202e.",
  advice: "Check both keys.",
  detail: "(GET /api/v2/org_connections: 401)",
});

test("the message is what happened, what to do next, the detail and the code", () => {
  expect(refused.message).toBe(
    "Datadog did not accept the keys\\u{202e}. Check both keys. (GET /api/v2/org_connections: 401) [unauthenticated]",
  );
  expect(refused.happened).toBe("Datadog did not accept the keys\\u{202e}.");
  expect(refused.advice).toBe("Check both keys.");
});

test("an error that is nothing but what happened has no advice", () => {
  const error = new OrgConnectionsError("timed-out", "Too late.");
  expect([error.happened, error.advice, error.message]).toEqual([
    "Too late.",
    undefined,
    "Too late. [timed-out]",
  ]);
});

test("a hint for rotated keys is advice too", async () => {
  const credentials = { fromStack: true, override: "DD_API_KEY" } as Parameters<typeof withRotationHint>[0];
  const { happened, advice, detail } = await failureOf(
    withRotationHint(credentials, () => Promise.reject(refused)),
  );
  expect([happened, detail]).toEqual([refused.happened, refused.detail]);
  expect(advice).toMatch(/^Check both keys\. If the keys were rotated: .*Set DD_API_KEY, or run/);
});
