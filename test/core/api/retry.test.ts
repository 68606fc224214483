import { describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, failureOf, fakeClock, ID, optionsFor, SINK } from "./harness.js";

const sandbox = useSandbox();

/** A client with its clock, and what it told of waits. */
function withClock(more: Partial<ConstructorParameters<typeof OrgConnectionsClient>[0]> = {}) {
  const clock = fakeClock();
  const waits: { ms: number; label: string; because: string }[] = [];
  const onWait = (wait: (typeof waits)[number]) => void waits.push(wait);
  const client = new OrgConnectionsClient({ ...optionsFor(sandbox()), clock, onWait, ...more });
  return { client, clock, waits };
}

const fail = (status: number, times = Infinity, headers: Record<string, string> = {}) =>
  sandbox().fail({ times, moment: "before", what: { kind: "status", status, headers } });

/** Lets what is on its way arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("a list", () => {
  test("is asked for again after 503, with growing waits", async () => {
    fail(503, 3);
    const { client, clock } = withClock();
    expect((await client.list()).connections).toEqual([]);
    expect(clock.slept).toEqual([500, 1000, 2000]);
    expect(sandbox().requests.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
  });

  test("is given up after six tries", async () => {
    fail(503);
    const { client, clock } = withClock();
    expect((await failureOf(client.list())).code).toBe("server-error");
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(sandbox().requests).toHaveLength(6);
  });

  test("is not asked for again after 403", async () => {
    fail(403);
    const { client, clock } = withClock();
    await failureOf(client.list());
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is tried as often as its own policy says", async () => {
    fail(503);
    const { client, clock } = withClock({ retry: { tries: 2, baseDelayMs: 10 } });
    await failureOf(client.list());
    expect(clock.slept).toEqual([10]);
  });

  test("waits a random part, by the dice it was given", async () => {
    fail(503, 2);
    const { client, clock } = withClock({ random: () => 0.5 });
    await client.list();
    expect(clock.slept).toEqual([250, 500]);
  });
});

describe("a create", () => {
  test.each([500, 502, 503, 504])("is not sent again after %i", async (status) => {
    fail(status);
    const { client, clock } = withClock();
    expect((await failureOf(client.create(SINK, ["logs"]))).code).toBe("server-error");
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is sent again after 429", async () => {
    fail(429, 2, { "X-RateLimit-Reset": "3" });
    const { client, clock } = withClock();
    await client.create(SINK, ["logs"]);
    expect(clock.slept).toEqual([3000, 3000]);
    expect(sandbox().connections()).toHaveLength(1);
  });
});

test.each(["updateConnection", "deleteConnection", "listOrganizations"] as const)(
  "%s is sent again after 503",
  async (route) => {
    fail(503);
    const { client } = withClock();
    await failureOf(everyCall[route](client));
    expect(sandbox().requests).toHaveLength(6);
  },
);

test("a delete whose first answer was lost is not found by the second, which its caller must understand", async () => {
  const id = sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().fail({ moment: "after", what: { kind: "reset" } });
  expect((await failureOf(withClock().client.delete(id))).code).toBe("not-found");
  expect(sandbox().connections()).toEqual([]);
});

describe("the server's own wait", () => {
  test.each([429, 503])("with %i is kept to the millisecond, without chance", async (status) => {
    fail(status, 1, { "X-RateLimit-Reset": "17" });
    const { client, clock } = withClock({ random: () => 0.123 });
    await client.list();
    expect(clock.slept).toEqual([17_000]);
  });

  test("in Retry-After counts where the other header is missing", async () => {
    fail(429, 1, { "Retry-After": "4" });
    const { client, clock } = withClock();
    await client.list();
    expect(clock.slept).toEqual([4000]);
  });

  test("is our own where the server names none", async () => {
    fail(429, 1);
    const { client, clock } = withClock();
    await client.list();
    expect(clock.slept).toEqual([500]);
  });

  test("beyond the budget ends the call at once, and the error says how long", async () => {
    fail(429, 1, { "X-RateLimit-Reset": "121" });
    const { client, clock } = withClock();
    const error = await failureOf(client.list());
    expect(error).toMatchObject({ code: "rate-limited", facts: { retryAfterSeconds: 121 } });
    expect(clock.slept).toEqual([]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("adds up: the waits of one call stay within its budget", async () => {
    fail(429, Infinity, { "X-RateLimit-Reset": "50" });
    const { client, clock } = withClock();
    expect((await failureOf(client.list())).code).toBe("rate-limited");
    expect(clock.slept).toEqual([50_000, 50_000]);
  });

  test("holds up the calls that come after it too, for their own budget at most", async () => {
    fail(429, 1, { "X-RateLimit-Reset": "600" });
    const { client, clock } = withClock();
    await failureOf(client.list());
    const error = await failureOf(client.delete(ID));
    expect(error.code).toBe("rate-limited");
    expect(clock.slept.filter((ms) => ms > 120_000)).toEqual([]);
  });

  test("holds up the other calls of the organization: not each finds out for itself", async () => {
    // For lists only: what an earlier test sent and gave up may still be on its way.
    const what = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "5" } } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    let time = 0;
    const sleepers: { ms: number; wake: () => void }[] = [];
    const clock = {
      now: () => time,
      sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ ms, wake })),
    };
    const told: number[] = [];
    const onWait = ({ ms }: { ms: number }) => void told.push(ms);
    const client = new OrgConnectionsClient({ ...optionsFor(sandbox()), clock, onWait, maxInFlight: 1 });
    const lists = Promise.all([client.list(), client.list()]);
    await vi.waitUntil(() => sleepers.length > 0);
    await settle();
    expect(new Set(sleepers.map(({ ms }) => ms))).toEqual(new Set([5000]));
    expect(told).toContain(5000);
    const answers = () =>
      sandbox()
        .requests.filter(({ route }) => route === "listConnections")
        .map(({ status }) => status);
    expect(answers()).toEqual([429]);
    time = 5000;
    for (const { wake } of sleepers) wake();
    await lists;
    expect(answers()).toEqual([429, 200, 200]);
  });
});

describe("the sandbox's rate limit", () => {
  const clock = fakeClock();
  const now = () => new Date(Date.UTC(2026, 2, 1) + clock.now());
  const limited = useSandbox({ rateLimit: { limit: 2, periodSeconds: 30 }, now });

  test("of two requests in 30 s lets five through in 60 s, none of them lost", async () => {
    const client = new OrgConnectionsClient({ ...optionsFor(limited()), clock });
    for (let made = 0; made < 5; made++) expect((await client.list()).connections).toEqual([]);
    expect(clock.now()).toBe(60_000);
  });
});

describe("a create whose budget is used up while its organization has to wait", () => {
  test("is not sent: a try cut off at once would leave its outcome unknown", async () => {
    const refusal = (seconds: string) =>
      ({ kind: "status", status: 429, headers: { "X-RateLimit-Reset": seconds } }) as const;
    sandbox().fail({ on: { route: "createConnection" }, moment: "before", what: refusal("100") });
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what: refusal("160") });
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
    const retry = { tries: 3, totalMs: 110_000 };
    const client = new OrgConnectionsClient({ ...optionsFor(sandbox()), clock, retry });
    // Both are on their way when the first refusal comes; the other one's closes the gate beyond the create's budget.
    others = client.list().catch(() => undefined);
    const error = await failureOf(client.create(SINK, ["logs"]));
    expect(error.code).toBe("rate-limited");
    expect(sandbox().connections()).toEqual([]);
  });
});

describe("every wait is told before it begins", () => {
  test("with its length, whose it is, and the status", async () => {
    // For lists only: what an earlier test sent and gave up may still be on its way.
    const what = { kind: "status", status: 503 } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    const { client, waits } = withClock();
    await client.list();
    expect(waits).toEqual([{ ms: 500, label: 'organization "payments"', because: "Datadog answered 503" }]);
  });

  test("with the broken connection as its reason", async () => {
    sandbox().fail({ moment: "before", what: { kind: "reset" } });
    const { client, waits } = withClock();
    await client.list();
    expect(waits).toMatchObject([{ because: "the connection broke" }]);
  });

  test("before, not after", async () => {
    fail(503, 1);
    const order: string[] = [];
    const clock = fakeClock();
    const client = new OrgConnectionsClient({
      ...optionsFor(sandbox()),
      onWait: () => void order.push("told"),
      clock: {
        now: clock.now,
        sleep: (ms) => {
          order.push("slept");
          return clock.sleep(ms);
        },
      },
    });
    await client.list();
    expect(order).toEqual(["told", "slept"]);
  });

  test("and there is none when all goes well", async () => {
    const { client, waits, clock } = withClock();
    await client.list();
    expect([waits, clock.slept]).toEqual([[], []]);
  });
});

test("time that a call spends in its tries counts against its budget", async () => {
  fail(503);
  const clock = fakeClock();
  const now = () => {
    clock.advance(30_000);
    return clock.now();
  };
  const client = new OrgConnectionsClient({ ...optionsFor(sandbox()), clock: { now, sleep: clock.sleep } });
  await failureOf(client.list());
  expect(sandbox().requests.length).toBeLessThan(4);
});

describe("JSON that is cut off in a response that is complete", () => {
  const cut = (times: number, headers: Record<string, string> = {}) =>
    sandbox().fail({
      times,
      moment: "before",
      what: { kind: "status", status: 200, body: '{"data":[', headers },
    });

  test.each(["listConnections", "listOrganizations"] as const)("%s is sent again", async (route) => {
    cut(2);
    await everyCall[route](withClock().client);
    expect(sandbox().requests).toHaveLength(3);
  });

  test("is an error that says so when it does not end", async () => {
    cut(Infinity);
    const error = await failureOf(withClock().client.list());
    expect(error.code).toBe("unexpected-answer");
    expect(error.message).toContain("is cut off after 6 tries");
    expect(sandbox().requests).toHaveLength(6);
  });

  test("is no reason to send a create again: it may have been done", async () => {
    cut(Infinity);
    expect((await failureOf(withClock().client.create(SINK, ["logs"]))).code).toBe("unexpected-answer");
    expect(sandbox().requests).toHaveLength(1);
  });

  test("is not what a page of another service is: that is not asked for again", async () => {
    cut(Infinity, { "Content-Type": "text/html" });
    expect((await failureOf(withClock().client.list())).code).toBe("unexpected-answer");
    expect(sandbox().requests).toHaveLength(1);
  });
});
