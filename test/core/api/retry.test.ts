import { describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, catchError, createFakeClock, createClientOptions, SINK } from "./harness.js";

const sandbox = useSandbox();

/** Creates a client with its clock and the waits that it reports. */
function createClientWithClock(more: Partial<ConstructorParameters<typeof OrgConnectionsClient>[0]> = {}) {
  const clock = createFakeClock();
  const waits: { ms: number; label: string; reason: string }[] = [];
  const onWait = (wait: (typeof waits)[number]) => void waits.push(wait);
  const client = new OrgConnectionsClient({ ...createClientOptions(sandbox()), clock, onWait, ...more });
  return { client, clock, waits };
}

const fail = (status: number, times = Infinity, headers: Record<string, string> = {}) =>
  sandbox().fail({ times, moment: "before", what: { kind: "status", status, headers } });

describe("a list", () => {
  test("is requested again after 503, with growing delays", async () => {
    fail(503, 3);
    const { client, clock } = createClientWithClock();
    expect((await client.list()).connections).toEqual([]);
    expect(clock.slept).toEqual([500, 1000, 2000]);
    expect(sandbox().requests.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
  });

  test("waits for a random part of the delays of its policy, as often as this permits", async () => {
    fail(503);
    const retry = { maxAttempts: 3, baseDelayMs: 10 };
    const { client, clock } = createClientWithClock({ random: () => 0.5, retry });
    await catchError(client.list());
    expect(clock.slept).toEqual([5, 10]);
  });
});

/** The headers of an hourly rate limit that is far from exhausted. */
const HOURLY = {
  "X-RateLimit-Limit": "1000",
  "X-RateLimit-Period": "3600",
  "X-RateLimit-Remaining": "900",
  "X-RateLimit-Reset": "3000",
};

test.each(["listConnections", "listOrganizations", "updateConnection", "deleteConnection"] as const)(
  "%s is sent again soon after a 503 with the headers of a rate limit that is not exhausted",
  async (route) => {
    fail(503, Infinity, HOURLY);
    const { client, clock } = createClientWithClock({ retry: { maxAttempts: 2 } });
    const { facts } = await catchError(everyCall[route](client));
    expect(clock.slept).toEqual([500]);
    expect(facts).toMatchObject({ status: 503 });
    expect(facts).not.toHaveProperty("retryAfterSeconds");
  },
);

describe("a create", () => {
  test("is not sent again after 503", async () => {
    fail(503);
    const { client, clock } = createClientWithClock();
    expect((await catchError(client.create(SINK, ["logs"]))).code).toBe("server-error");
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is sent again after 429", async () => {
    fail(429, 2, { "X-RateLimit-Reset": "3" });
    const { client, clock } = createClientWithClock();
    await client.create(SINK, ["logs"]);
    expect(clock.slept).toEqual([3000, 3000]);
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});

test("a delete that is repeated after an unknown outcome is not-found, which its caller must handle", async () => {
  const id = sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().fail({ moment: "after", what: { kind: "reset" } });
  expect((await catchError(createClientWithClock().client.delete(id))).code).toBe("not-found");
  expect(sandbox().listConnections()).toEqual([]);
});

describe("the delay that a server requests", () => {
  test("of 0 s is replaced by our own, so that the attempts are not over within milliseconds", async () => {
    fail(429, Infinity, { "X-RateLimit-Reset": "0" });
    const { client, clock } = createClientWithClock();
    const { facts, happened } = await catchError(client.list());
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(facts).not.toHaveProperty("retryAfterSeconds");
    expect(happened).toMatch(/ is exhausted\.$/);
  });

  test("adds up: the delays of one call stay within its budget", async () => {
    fail(429, Infinity, { "X-RateLimit-Reset": "50" });
    const { client, clock } = createClientWithClock();
    expect((await catchError(client.list())).code).toBe("rate-limited");
    expect(clock.slept).toEqual([50_000, 50_000]);
  });
});

describe("every wait is reported before it starts", () => {
  test("with its duration, its organization and the status", async () => {
    // Only for lists: a request that an earlier test abandoned may still arrive.
    const what = { kind: "status", status: 503 } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    const { client, waits } = createClientWithClock();
    await client.list();
    expect(waits).toEqual([
      { ms: 500, label: 'organization "payments"', reason: "Datadog responded with status 503" },
    ]);
  });

  test("with invalid JSON as its reason", async () => {
    const headers = { "Content-Type": "application/json" };
    const what = { kind: "status", status: 200, body: '{"data":', headers } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    const { client, waits } = createClientWithClock();
    await client.list();
    expect(waits).toMatchObject([{ reason: "the JSON in the response was invalid" }]);
  });

  test("before, not after", async () => {
    fail(503, 1);
    const order: string[] = [];
    const clock = createFakeClock();
    const client = new OrgConnectionsClient({
      ...createClientOptions(sandbox()),
      onWait: () => void order.push("reported"),
      clock: {
        now: clock.now,
        sleep: (ms) => {
          order.push("slept");
          return clock.sleep(ms);
        },
      },
    });
    await client.list();
    expect(order).toEqual(["reported", "slept"]);
  });
});

test("the time of a call's attempts counts against its budget", async () => {
  fail(503);
  const clock = createFakeClock();
  const now = () => {
    clock.advance(30_000);
    return clock.now();
  };
  const client = new OrgConnectionsClient({
    ...createClientOptions(sandbox()),
    clock: { now, sleep: clock.sleep },
  });
  await catchError(client.list());
  expect(sandbox().requests.length).toBeLessThan(4);
});

describe("truncated JSON in a complete response", () => {
  const truncate = (times: number, headers: Record<string, string> = {}) =>
    sandbox().fail({
      times,
      moment: "before",
      what: { kind: "status", status: 200, body: '{"data":[', headers },
    });

  test.each(["listConnections", "listOrganizations"] as const)("%s is sent again", async (route) => {
    truncate(2);
    await everyCall[route](createClientWithClock().client);
    expect(sandbox().requests).toHaveLength(3);
  });

  test("is an error if it is repeated", async () => {
    truncate(Infinity);
    const error = await catchError(createClientWithClock().client.list());
    expect(error.code).toBe("unexpected-response");
    expect(error.message).toContain("is invalid after 6 attempts");
    expect(sandbox().requests).toHaveLength(6);
  });

  test("does not repeat a create, which may have succeeded", async () => {
    truncate(Infinity);
    expect((await catchError(createClientWithClock().client.create(SINK, ["logs"]))).code).toBe(
      "unexpected-response",
    );
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is not assumed for a page of another service, which is not requested again", async () => {
    truncate(Infinity, { "Content-Type": "text/html" });
    expect((await catchError(createClientWithClock().client.list())).code).toBe("unexpected-response");
    expect(sandbox().requests).toHaveLength(1);
  });
});
