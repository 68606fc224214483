import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { Gate } from "../../../core/src/api/gate.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, failureOf, fakeClock, optionsFor, SINK } from "./harness.js";

const refused = (sandbox: Sandbox) => sandbox.requests.filter(({ status }) => status === 429).length;

describe("a window that is over", () => {
  /** Passes at the times at which they began; nothing but time moves the clock, and all that can run runs before. */
  async function times(limit: number, remaining: number, count: number, isOrderly = false) {
    const clock = fakeClock();
    const sleep = async (ms: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.sleep(ms);
    };
    const gate = new Gate(16, { now: clock.now, sleep });
    await gate.pass(() => {
      gate.note(200, { limit, remaining, resetSeconds: 30 });
      return Promise.resolve();
    });
    if (remaining > 0) clock.advance(30_000);
    const begun: number[] = [];
    const pass = () => gate.pass(() => Promise.resolve(begun.push(clock.now() / 1000)));
    if (isOrderly) for (let passed = 0; passed < count; passed++) await pass();
    else await Promise.all(Array.from({ length: count }, pass));
    return begun;
  }

  test("is followed by one of its limit and no more, even before an answer tells", async () => {
    expect(await times(2, 0, 5)).toEqual([30, 30, 60, 60, 90]);
  });

  test("leaves nothing over for the next one", async () => {
    expect(await times(3, 2, 5)).toEqual([30, 30, 30, 60, 60]);
    expect(await times(3, 2, 5, true)).toEqual([30, 30, 30, 60, 60]);
  });
});

const sandbox = useSandbox();

describe("a refusal", () => {
  const refuse = (seconds: number, times: number) =>
    sandbox().fail({
      times,
      moment: "before",
      what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": String(seconds) } },
    });

  /** A client whose clock moves a millisecond with each look, and whose sleepers wake when told to. */
  function patient(maxInFlight: number) {
    let time = 0;
    const sleepers: { until: number; wake: () => void }[] = [];
    const told: number[] = [];
    const client = new OrgConnectionsClient({
      ...optionsFor(sandbox()),
      maxInFlight,
      onWait: ({ ms }) => void told.push(ms),
      clock: {
        now: () => time++,
        sleep: (ms) => new Promise<void>((wake) => sleepers.push({ until: time + ms, wake })),
      },
    });
    const wakeAll = () => {
      time = Math.max(time, ...sleepers.map(({ until }) => until)) + 1;
      for (const { wake } of sleepers.splice(0)) wake();
    };
    return { client, told, sleepers, wakeAll };
  }
  const answered = (count: number) =>
    vi.waitUntil(() => sandbox().requests.filter(({ status }) => status !== undefined).length >= count, {
      interval: 5,
    });
  /** Until all are done; whoever sleeps is woken. */
  async function finish(all: Promise<unknown>, wakeAll: () => void): Promise<void> {
    const done = all.then(() => true);
    for (;;) {
      wakeAll();
      const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));
      if (await Promise.race([done, pause])) return;
    }
  }

  test("makes all of the organization wait: those that come later are not sent", async () => {
    refuse(5, 1);
    const { client, sleepers, wakeAll } = patient(8);
    const first = client.list();
    await answered(1);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    const later = Object.values(everyCall).map((call) => call(client).catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sandbox().requests).toHaveLength(1);
    await finish(Promise.all([first, ...later]), wakeAll);
    expect(refused(sandbox())).toBe(1);
  });

  test("does not make another organization wait", async () => {
    refuse(5, 1);
    const { client, wakeAll } = patient(8);
    const first = client.list();
    await answered(1);
    await new OrgConnectionsClient(optionsFor(sandbox(), "checkout")).list();
    await finish(first, wakeAll);
  });

  test("of eight that were on their way together is told once, not by each", async () => {
    refuse(5, 8);
    const { client, told, sleepers, wakeAll } = patient(8);
    const all = Promise.all(Array.from({ length: 8 }, () => client.list()));
    await answered(8);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.filter((ms) => ms > 2000)).toHaveLength(1);
    await finish(all, wakeAll);
    expect(refused(sandbox())).toBe(8);
  });

  test("that is followed by a longer one is told again: the wait is another", async () => {
    refuse(5, 1);
    const { client, told, sleepers, wakeAll } = patient(8);
    const first = client.list();
    await answered(1);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    refuse(30, 1);
    await finish(first, wakeAll);
    expect(told.map((ms) => Math.round(ms / 1000))).toEqual([5, 30]);
  });
});

test("a create that others' refusals keep waiting beyond its budget is refused at once: its outcome would be unknown", async () => {
  let release: () => void = () => undefined;
  let posts = 0;
  const server = createServer((request, response) => {
    const refuse = (seconds: number) =>
      response.writeHead(429, { "X-RateLimit-Reset": String(seconds) }).end("{}");
    if (request.method === "GET") release = () => refuse(90);
    else if (++posts === 1) refuse(60);
    else response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let time = 0;
  const sleeps: number[] = [];
  const client = new OrgConnectionsClient({
    ...optionsFor(sandbox()),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    retry: { totalMs: 100_000 },
    clock: {
      now: () => time,
      sleep: (ms) => {
        sleeps.push(ms);
        return new Promise<void>(() => undefined);
      },
    },
  });
  const list = client.list().catch(() => undefined);
  const failed = failureOf(client.create(SINK, ["logs"]));
  await vi.waitUntil(() => sleeps.length >= 1, { interval: 5 });
  time = 50_000;
  release();
  expect((await failed).code).toBe("rate-limited");
  expect(posts).toBe(1);
  expect(sleeps).toEqual([60_000]);
  server.closeAllConnections();
  server.close();
  await list;
});

test("a create whose budget is used up by waiting behind others is not sent again", async () => {
  let posts = 0;
  let release: () => void = () => undefined;
  const server = createServer((request, response) => {
    if (request.method === "GET") release = () => void response.writeHead(200).end('{"data":[]}');
    else response.writeHead(429).end(String(++posts));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let time = 0;
  const wakes: (() => void)[] = [];
  const client = new OrgConnectionsClient({
    ...optionsFor(sandbox()),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    maxInFlight: 1,
    retry: { totalMs: 100_000 },
    clock: { now: () => time, sleep: () => new Promise<void>((wake) => wakes.push(wake)) },
  });
  const failed = failureOf(client.create(SINK, ["logs"]));
  await vi.waitUntil(() => wakes.length === 1, { interval: 5 });
  const list = client.list();
  wakes[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 50));
  time = 200_000;
  release();
  await list;
  expect((await failed).code).toBe("rate-limited");
  expect(posts).toBe(1);
  server.closeAllConnections();
  server.close();
});

describe("a server that refuses for longer than a call may take", () => {
  const refuse = (headers: Record<string, string>) =>
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status: 429, headers } });
  /** Many calls at once, so that most of them wait in line. */
  async function callAll(count: number) {
    const clock = fakeClock();
    const client = new OrgConnectionsClient({
      ...optionsFor(sandbox()),
      clock,
      maxInFlight: 4,
      retry: { totalMs: 10_000 },
    });
    const errors = await Promise.all(Array.from({ length: count }, () => failureOf(client.list())));
    return { errors, clock };
  }

  test("fails the calls in line at once, without sending them, and without a status that they did not receive", async () => {
    refuse({ "X-RateLimit-Reset": "3600" });
    const { errors, clock } = await callAll(40);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["rate-limited"]));
    expect(refused(sandbox())).toBeLessThanOrEqual(4);
    expect(clock.slept).toEqual([]);
    const unsent = errors.filter(({ facts }) => facts.status === undefined);
    expect(unsent).toHaveLength(40 - refused(sandbox()));
    expect(unsent[0]?.message).toContain("(GET /api/v2/org_connections: not sent)");
    for (const { message, facts } of unsent) {
      expect(message).not.toContain("429");
      expect(facts.retryAfterSeconds).toBeGreaterThan(3000);
    }
  });

  test("fails the calls in line within their budget, however short each wait is that it asks for", async () => {
    refuse({ "X-RateLimit-Reset": "4" });
    const { errors, clock } = await callAll(40);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["rate-limited"]));
    expect(clock.now()).toBeLessThanOrEqual(20_000);
  });

  test("and names a clock time instead of a wait is asked again by our own waits: that number is no wait", async () => {
    refuse({ "X-RateLimit-Reset": "1790000000" });
    const { errors, clock } = await callAll(1);
    expect(errors[0]?.facts).not.toHaveProperty("retryAfterSeconds");
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  });
});

describe("a window that is shared by many requests in flight", () => {
  /**
   * A server of 98 requests an hour. A request is answered once `behind` later ones have arrived, or when none comes any
   * more, so that many are in flight all the time; `remaining` says what its response reports as left.
   */
  async function serve(
    remaining: (mine: number, arrived: number, answered: number) => number,
    isLastFirst: boolean,
  ) {
    const LIMIT = 98;
    let [arrived, answered, sent429] = [0, 0, 0];
    const waiting: (() => void)[] = [];
    let idle: NodeJS.Timeout | undefined;
    const answerOne = () => (isLastFirst ? waiting.pop() : waiting.shift())?.();
    const whenIdle = () => {
      answerOne();
      if (waiting.length > 0) idle = setTimeout(whenIdle, 5);
    };
    const server = createServer((_, response) => {
      const mine = ++arrived;
      const counted = LIMIT - mine;
      waiting.push(() => {
        answered++;
        if (mine > LIMIT) sent429++;
        response
          .writeHead(mine > LIMIT ? 429 : 200, {
            "Content-Type": "application/json",
            "X-RateLimit-Limit": String(LIMIT),
            "X-RateLimit-Period": "3600",
            "X-RateLimit-Remaining": String(
              Math.max(0, remaining(counted, LIMIT - arrived, LIMIT - answered)),
            ),
            "X-RateLimit-Reset": "3600",
          })
          .end('{"data":[]}');
      });
      if (waiting.length > 20) answerOne();
      clearTimeout(idle);
      idle = setTimeout(whenIdle, 20);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clock = fakeClock();
    const client = new OrgConnectionsClient({
      ...optionsFor(sandbox()),
      baseUrl,
      clock,
      retry: { totalMs: 10_000 },
    });
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { client, seen: () => ({ arrived, sent429, slept: clock.slept }), close };
  }

  test.each([
    ["what was left when their request arrived", (mine: number) => mine, false],
    ["what is left of all that has arrived", (_: number, arrived: number) => arrived, false],
    ["what is left of all that was answered", (_: number, __: number, answered: number) => answered, false],
    ["what was left when their request arrived, the last first", (mine: number) => mine, true],
  ])(
    "is used to its last request, and none is refused, by responses that report %s",
    async (_, remaining, isLastFirst) => {
      const server = await serve(remaining, isLastFirst);
      const results = await Promise.allSettled(Array.from({ length: 98 }, () => server.client.list()));
      server.close();
      expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
      expect(server.seen()).toEqual({ arrived: 98, sent429: 0, slept: [] });
    },
  );
});

test("a wait that no timer can hold is slept in parts", async () => {
  const clock = fakeClock();
  const gate = new Gate(1, clock);
  gate.closeFor(2 ** 31 + 5000);
  await gate.pass(() => Promise.resolve());
  expect(clock.slept).toEqual([2 ** 31 - 1, 5001]);
});
