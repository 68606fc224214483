/**
 * An error has separate fields for what happened and what to do next, so that no one has to parse its
 * message.
 */
import { expect, test } from "vitest";
import { isOrgConnectionsError, OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { runWithRotationHint } from "../../../core/src/credentials/rotation-hint.js";
import { catchError } from "./harness.js";

const refused = new OrgConnectionsError("unauthenticated", {
  happened: "Datadog did not accept the keys\u202e.",
  advice: "Check both keys.",
  detail: "(GET /api/v2/org_connections: 401)",
});

test("the message consists of what happened, what to do next, the detail and the code", () => {
  expect(refused.message).toBe(
    "Datadog did not accept the keys\\u{202e}. Check both keys. (GET /api/v2/org_connections: 401) [unauthenticated]",
  );
  expect(refused.happened).toBe("Datadog did not accept the keys\\u{202e}.");
  expect(refused.advice).toBe("Check both keys.");
});

test("an error with only what happened has no advice", () => {
  const error = new OrgConnectionsError("timed-out", "Too late.");
  expect([error.happened, error.advice, error.message]).toEqual([
    "Too late.",
    undefined,
    "Too late. [timed-out]",
  ]);
});

test("the hint about rotated keys is part of the advice", async () => {
  const credentials = { fromConfig: true, overrideVariables: "DD_API_KEY" } as Parameters<
    typeof runWithRotationHint
  >[0];
  const { happened, advice, detail } = await catchError(
    runWithRotationHint(credentials, () => Promise.reject(refused)),
  );
  expect([happened, detail]).toEqual([refused.happened, refused.detail]);
  expect(advice).toMatch(
    /^Check both keys\. If the credentials were rotated, .*Run `pulumi up` without --refresh, .*or run it again after you have set DD_API_KEY\./,
  );
});

test("another error is not one of this package, even if it has the same code", () => {
  expect(isOrgConnectionsError(refused, "unauthenticated")).toBe(true);
  expect(isOrgConnectionsError(refused, "forbidden")).toBe(false);
  const foreign = Object.assign(new Error("no"), { code: "unauthenticated" });
  expect(isOrgConnectionsError(foreign, "unauthenticated")).toBe(false);
  const namedAlike = Object.assign(new Error("no"), { name: "OrgConnectionsError" });
  expect(isOrgConnectionsError(namedAlike)).toBe(false);
});
