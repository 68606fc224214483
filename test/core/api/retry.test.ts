import { describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, catchError, createFakeClock, ID, createClientOptions, SINK } from "./harness.js";

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

/** Waits for outstanding requests. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("a list", () => {
  test("is requested again after 503, with growing delays", async () => {
    fail(503, 3);
    const { client, clock } = createClientWithClock();
    expect((await client.list()).connections).toEqual([]);
    expect(clock.slept).toEqual([500, 1000, 2000]);
    expect(sandbox().requests.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
  });

  test("fails after six attempts", async () => {
    fail(503);
    const { client, clock } = createClientWithClock();
    expect((await catchError(client.list())).code).toBe("server-error");
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(sandbox().requests).toHaveLength(6);
  });

  test("is not requested again after 403", async () => {
    fail(403);
    const { client, clock } = createClientWithClock();
    await catchError(client.list());
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is attempted as often as its policy permits", async () => {
    fail(503);
    const { client, clock } = createClientWithClock({ retry: { maxAttempts: 2, baseDelayMs: 10 } });
    await catchError(client.list());
    expect(clock.slept).toEqual([10]);
  });

  test("waits for a random part of the delay", async () => {
    fail(503, 2);
    const { client, clock } = createClientWithClock({ random: () => 0.5 });
    await client.list();
    expect(clock.slept).toEqual([250, 500]);
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
  test.each([500, 502, 503, 504])("is not sent again after %i", async (status) => {
    fail(status);
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

test.each(["updateConnection", "deleteConnection", "listOrganizations"] as const)(
  "%s is sent again after 503",
  async (route) => {
    fail(503);
    const { client } = createClientWithClock();
    await catchError(everyCall[route](client));
    expect(sandbox().requests).toHaveLength(6);
  },
);

test("a delete that is repeated after an unknown outcome is not-found, which its caller must handle", async () => {
  const id = sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().fail({ moment: "after", what: { kind: "reset" } });
  expect((await catchError(createClientWithClock().client.delete(id))).code).toBe("not-found");
  expect(sandbox().listConnections()).toEqual([]);
});

describe("the delay that a server requests", () => {
  test.each([
    [429, "X-RateLimit-Reset"],
    [503, "Retry-After"],
  ])("with %i in %s is used exactly, without jitter", async (status, header) => {
    fail(status, 1, { [header]: "17" });
    const { client, clock } = createClientWithClock({ random: () => 0.123 });
    await client.list();
    expect(clock.slept).toEqual([17_000]);
  });

  test("in Retry-After is used if the other header is missing", async () => {
    fail(429, 1, { "Retry-After": "4" });
    const { client, clock } = createClientWithClock();
    await client.list();
    expect(clock.slept).toEqual([4000]);
  });

  test("is replaced by our own if the server requests none", async () => {
    fail(429, 1);
    const { client, clock } = createClientWithClock();
    await client.list();
    expect(clock.slept).toEqual([500]);
  });

  test.each(["X-RateLimit-Reset", "Retry-After"])(
    "of 0 s in %s is replaced by our own, so that the attempts are not over within milliseconds",
    async (header) => {
      fail(429, Infinity, { [header]: "0" });
      const { client, clock } = createClientWithClock();
      const { facts, happened } = await catchError(client.list());
      expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
      expect(facts).not.toHaveProperty("retryAfterSeconds");
      expect(happened).toMatch(/ is exhausted\.$/);
    },
  );

  test("in Retry-After is used if the reset of the rate limit is 0 s", async () => {
    fail(429, 1, { "X-RateLimit-Reset": "0", "Retry-After": "4" });
    const { client, clock } = createClientWithClock();
    await client.list();
    expect(clock.slept).toEqual([4000]);
  });

  test("beyond the budget ends the call at once, and the error contains it", async () => {
    fail(429, 1, { "X-RateLimit-Reset": "121" });
    const { client, clock } = createClientWithClock();
    const error = await catchError(client.list());
    expect(error).toMatchObject({ code: "rate-limited", facts: { retryAfterSeconds: 121 } });
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("adds up: the delays of one call stay within its budget", async () => {
    fail(429, Infinity, { "X-RateLimit-Reset": "50" });
    const { client, clock } = createClientWithClock();
    expect((await catchError(client.list())).code).toBe("rate-limited");
    expect(clock.slept).toEqual([50_000, 50_000]);
  });

  test("also applies to later calls, for their own budget at most", async () => {
    fail(429, 1, { "X-RateLimit-Reset": "600" });
    const { client, clock } = createClientWithClock();
    await catchError(client.list());
    const error = await catchError(client.delete(ID));
    expect(error.code).toBe("rate-limited");
    expect(clock.slept.filter((ms) => ms > 120_000)).toEqual([]);
  });

  test("applies to the other calls of the organization, without a 429 for each", async () => {
    // Only for lists: a request that an earlier test abandoned may still arrive.
    const what = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "5" } } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    let time = 0;
    const sleepers: { ms: number; wake: () => void }[] = [];
    const clock = {
      now: () => time,
      sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ ms, wake })),
    };
    const reported: number[] = [];
    const onWait = ({ ms }: { ms: number }) => void reported.push(ms);
    const client = new OrgConnectionsClient({
      ...createClientOptions(sandbox()),
      clock,
      onWait,
      maxConcurrent: 1,
    });
    const lists = Promise.all([client.list(), client.list()]);
    await vi.waitUntil(() => sleepers.length > 0);
    await settle();
    expect(new Set(sleepers.map(({ ms }) => ms))).toEqual(new Set([5000]));
    expect(reported).toContain(5000);
    const responses = () =>
      sandbox()
        .requests.filter(({ route }) => route === "listConnections")
        .map(({ status }) => status);
    expect(responses()).toEqual([429]);
    time = 5000;
    for (const { wake } of sleepers) wake();
    await lists;
    expect(responses()).toEqual([429, 200, 200]);
  });
});

describe("the sandbox's rate limit", () => {
  const clock = createFakeClock();
  const now = () => new Date(Date.UTC(2026, 2, 1) + clock.now());
  const limitedSandbox = useSandbox({ rateLimit: { limit: 2, periodSeconds: 30 }, now });

  test("of two requests in 30 s permits five in 60 s, and none of them fails", async () => {
    const client = new OrgConnectionsClient({ ...createClientOptions(limitedSandbox()), clock });
    for (let count = 0; count < 5; count++) expect((await client.list()).connections).toEqual([]);
    expect(clock.now()).toBe(60_000);
  });
});

describe("a create with an exhausted budget after waits of its organization", () => {
  test("is not sent, because an immediate timeout would leave its outcome unknown", async () => {
    const createRejection = (seconds: string) =>
      ({ kind: "status", status: 429, headers: { "X-RateLimit-Reset": seconds } }) as const;
    sandbox().fail({ on: { route: "createConnection" }, moment: "before", what: createRejection("100") });
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what: createRejection("160") });
    let time = 0;
    let others: Promise<unknown> = Promise.resolve();
    const clock = {
      now: () => time,
      sleep: async (ms: number) => {
        const until = time + ms;
        await others;
        time = Math.max(time, until);
      },
    };
    const retry = { maxAttempts: 3, totalMs: 110_000 };
    const client = new OrgConnectionsClient({ ...createClientOptions(sandbox()), clock, retry });
    // Both requests are outstanding at the first 429. The 429 of the list pauses the limiter beyond the
    // create's budget.
    others = client.list().catch(() => undefined);
    const error = await catchError(client.create(SINK, ["logs"]));
    expect(error.code).toBe("rate-limited");
    expect(sandbox().listConnections()).toEqual([]);
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

  test("with the failed connection as its reason", async () => {
    sandbox().fail({ moment: "before", what: { kind: "reset" } });
    const { client, waits } = createClientWithClock();
    await client.list();
    expect(waits).toMatchObject([{ reason: "the network connection failed" }]);
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

  test("and there is none if the call succeeds", async () => {
    const { client, waits, clock } = createClientWithClock();
    await client.list();
    expect([waits, clock.slept]).toEqual([[], []]);
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
