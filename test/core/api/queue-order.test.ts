/** The order of the requests that wait for the rate limit. */
import { expect, test } from "vitest";
import { ApiCalls } from "../../../core/src/api/call.js";
import type { Request } from "../../../core/src/api/http.js";
import { createFakeClock, createKeys } from "./harness.js";

const LIMIT = 2;
const PERIOD_SECONDS = 60;

/**
 * Creates the calls of an organization with a rate limit whose first window others have used up. The clock advances only when nothing
 * else can run.
 */
function createLimitedCalls() {
  const clock = createFakeClock();
  const sleep = async (ms: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.sleep(ms);
  };
  const sent: string[] = [];
  const usedByWindow = [LIMIT];
  const send = ({ connectionId }: Request) => {
    const seconds = clock.now() / 1000;
    const window = Math.floor(seconds / PERIOD_SECONDS);
    const used = (usedByWindow[window] ?? 0) + 1;
    usedByWindow[window] = used;
    const status = used > LIMIT ? 429 : 200;
    sent.push(`${seconds} s: ${connectionId}, ${status}`);
    const headers = {
      "x-ratelimit-limit": String(LIMIT),
      "x-ratelimit-period": String(PERIOD_SECONDS),
      "x-ratelimit-remaining": String(Math.max(0, LIMIT - used)),
      "x-ratelimit-reset": String((window + 1) * PERIOD_SECONDS - seconds),
    };
    return Promise.resolve({ status, headers, text: "{}" });
  };
  const calls = new ApiCalls(
    {
      baseUrl: "https://api.datadoghq.com",
      authentication: createKeys("a", "b"),
      label: "the default organization",
      credentialsFrom: "DD_API_KEY and DD_APP_KEY",
      maxConcurrent: LIMIT,
      clock: { now: clock.now, sleep },
    },
    { open: () => Promise.resolve({ send, dropToken: () => false }), listSecrets: () => [] },
  );
  return { calls, sent };
}

test("after a 429, requests are sent again before those that were not sent yet, so they do not time out behind them", async () => {
  const { calls, sent } = createLimitedCalls();
  const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const update = (connectionId: string) =>
    calls.send({ route: "updateConnection", connectionId }, () => connectionId);
  expect(await Promise.all(ids.map(update))).toEqual(ids);
  expect(sent).toEqual([
    "0 s: a, 429",
    "0 s: b, 429",
    "60 s: a, 200",
    "60 s: b, 200",
    "120 s: c, 200",
    "120 s: d, 200",
    "180 s: e, 200",
    "180 s: f, 200",
    "240 s: g, 200",
    "240 s: h, 200",
  ]);
});
