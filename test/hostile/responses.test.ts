/** Hostile responses of a server end with a valid result, or with a printable error. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../core/src/api/client.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { everyCall, createFakeClock, createKeys } from "../core/api/harness.js";
import { expectUnpolluted, RUNS, UNPRINTABLE } from "./arbitraries.js";
import { hostileResponse, KEYS, type HostileResponse } from "./hostile-response.js";

let server: Server;
let next: HostileResponse;
let requests = 0;
beforeAll(async () => {
  server = createServer((_, reply) => {
    requests++;
    const noBody = next.status === 204 || next.status === 304;
    reply
      .writeHead(next.status, { "Content-Type": next.type, ...next.headers })
      .end(noBody ? undefined : next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function openClient() {
  return new OrgConnectionsClient({
    authentication: createKeys(KEYS.apiKey, KEYS.appKey),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    label: `organization "payments"`,
    credentialsFrom: "DD_API_KEY__X and DD_APP_KEY__X",
    clock: createFakeClock(),
    random: () => 1,
    retry: { maxAttempts: 2 },
  });
}

describe.each(Object.entries(everyCall))("%s", (_, call) => {
  test("ends with a printable result or a printable error", { timeout: 300_000 }, async () => {
    const perCall = Math.ceil(RUNS.numRuns / Object.keys(everyCall).length);
    await fc.assert(
      fc.asyncProperty(hostileResponse, async (given) => {
        next = given;
        requests = 0;
        const outcome = await call(openClient()).then(
          (value: unknown) => ({ value }),
          (error: unknown) => ({ error }),
        );
        expect(requests).toBeLessThanOrEqual(2 * 4);
        expectUnpolluted();
        if ("error" in outcome) {
          const { error } = outcome;
          if (!isOrgConnectionsError(error)) throw error;
          expect(error.message).not.toMatch(UNPRINTABLE);
          expect(error.message.length).toBeLessThan(4000);
          expect(JSON.stringify([error.message, error.stack, error.facts])).not.toContain("canary");
          return;
        }
        // Only the documented status is a success.
        expect(given.status).toBe(200);
        for (const text of collectStrings(outcome.value)) expect(text).not.toMatch(UNPRINTABLE);
      }),
      { ...RUNS, numRuns: perCall },
    );
  });
});

function collectStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(collectStrings);
}
