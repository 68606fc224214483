import { describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { RequestLimiter } from "../../../core/src/api/limiter.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, catchError, createFakeClock, createClientOptions, useServers, SINK } from "./harness.js";

const startServer = useServers();

const countRejected = (sandbox: Sandbox) => sandbox.requests.filter(({ status }) => status === 429).length;

const sandbox = useSandbox();

describe("a 429", () => {
  const reject = (seconds: number, times: number) =>
    sandbox().fail({
      times,
      moment: "before",
      what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": String(seconds) } },
    });

  /**
   * Creates a client with a clock that advances by a millisecond with each reading, and with sleeps that a
   * test ends.
   */
  function createWaitingClient(maxConcurrent: number) {
    let time = 0;
    const sleepers: { until: number; wake: () => void }[] = [];
    const reportedWaits: number[] = [];
    const client = new OrgConnectionsClient({
      ...createClientOptions(sandbox()),
      maxConcurrent,
      onWait: ({ ms }) => void reportedWaits.push(ms),
      clock: {
        now: () => time++,
        sleep: (ms) => new Promise<void>((wake) => sleepers.push({ until: time + ms, wake })),
      },
    });
    const wakeAll = () => {
      time = Math.max(time, ...sleepers.map(({ until }) => until)) + 1;
      for (const { wake } of sleepers.splice(0)) wake();
    };
    return { client, reportedWaits, sleepers, wakeAll };
  }
  const waitForResponses = (count: number) =>
    vi.waitUntil(() => sandbox().requests.filter(({ status }) => status !== undefined).length >= count, {
      interval: 5,
    });
  /** Waits until all calls are finished, and ends all sleeps. */
  async function finish(all: Promise<unknown>, wakeAll: () => void): Promise<void> {
    const done = all.then(() => true);
    for (;;) {
      wakeAll();
      const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));
      if (await Promise.race([done, pause])) return;
    }
  }

  test("pauses the organization: later requests are not sent", async () => {
    reject(5, 1);
    const { client, sleepers, wakeAll } = createWaitingClient(8);
    const first = client.list();
    await waitForResponses(1);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    const later = Object.values(everyCall).map((call) => call(client).catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sandbox().requests).toHaveLength(1);
    await finish(Promise.all([first, ...later]), wakeAll);
    expect(countRejected(sandbox())).toBe(1);
  });

  test("does not pause another organization", async () => {
    reject(5, 1);
    const { client, wakeAll } = createWaitingClient(8);
    const first = client.list();
    await waitForResponses(1);
    await new OrgConnectionsClient(createClientOptions(sandbox(), "checkout")).list();
    await finish(first, wakeAll);
  });

  test("that eight concurrent requests receive is reported once", async () => {
    reject(5, 8);
    const { client, reportedWaits, sleepers, wakeAll } = createWaitingClient(8);
    const all = Promise.all(Array.from({ length: 8 }, () => client.list()));
    await waitForResponses(8);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reportedWaits.filter((ms) => ms > 2000)).toHaveLength(1);
    await finish(all, wakeAll);
    expect(countRejected(sandbox())).toBe(8);
  });

  test("that is followed by a longer one is reported again, because the wait is different", async () => {
    reject(5, 1);
    const { client, reportedWaits, sleepers, wakeAll } = createWaitingClient(8);
    const first = client.list();
    await waitForResponses(1);
    await vi.waitUntil(() => sleepers.length > 0, { interval: 5 });
    reject(30, 1);
    await finish(first, wakeAll);
    expect(reportedWaits.map((ms) => Math.round(ms / 1000))).toEqual([5, 30]);
  });
});

test("a create that other requests' 429 would delay beyond its budget fails at once, because its outcome would be unknown", async () => {
  let release: () => void = () => undefined;
  let posts = 0;
  const baseUrl = await startServer((request, response) => {
    const reject = (seconds: number) =>
      response.writeHead(429, { "X-RateLimit-Reset": String(seconds) }).end("{}");
    if (request.method === "GET") release = () => reject(90);
    else if (++posts === 1) reject(60);
    else response.writeHead(500).end();
  });
  let time = 0;
  const sleeps: number[] = [];
  const client = new OrgConnectionsClient({
    ...createClientOptions(sandbox()),
    baseUrl,
    retry: { callTimeoutMs: 100_000 },
    clock: {
      now: () => time,
      sleep: (ms) => {
        sleeps.push(ms);
        return new Promise<void>(() => undefined);
      },
    },
  });
  const list = client.list().catch(() => undefined);
  const failed = catchError(client.create(SINK, ["logs"]));
  await vi.waitUntil(() => sleeps.length >= 1, { interval: 5 });
  time = 50_000;
  release();
  const { code, message } = await failed;
  expect(code).toBe("rate-limited");
  expect(message).toContain("(POST /api/v2/org_connections: not sent again)");
  expect(posts).toBe(1);
  expect(sleeps).toEqual([60_000]);
  await list;
});

test("a create that exhausts its budget in the queue is not sent again", async () => {
  let posts = 0;
  let release: () => void = () => undefined;
  const baseUrl = await startServer((request, response) => {
    if (request.method === "GET") release = () => void response.writeHead(200).end('{"data":[]}');
    else response.writeHead(429).end(String(++posts));
  });
  let time = 0;
  const wakes: (() => void)[] = [];
  const client = new OrgConnectionsClient({
    ...createClientOptions(sandbox()),
    baseUrl,
    maxConcurrent: 1,
    retry: { callTimeoutMs: 100_000 },
    clock: { now: () => time, sleep: () => new Promise<void>((wake) => wakes.push(wake)) },
  });
  const failed = catchError(client.create(SINK, ["logs"]));
  await vi.waitUntil(() => wakes.length === 1, { interval: 5 });
  const list = client.list();
  wakes[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 50));
  time = 200_000;
  release();
  await list;
  expect((await failed).code).toBe("rate-limited");
  expect(posts).toBe(1);
});

describe("a server that sends 429 for longer than a call may take", () => {
  const reject = (headers: Record<string, string>) =>
    sandbox().fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
  /** Makes many concurrent calls, so that most of them wait in the queue. */
  async function callAll(count: number) {
    const clock = createFakeClock();
    const client = new OrgConnectionsClient({
      ...createClientOptions(sandbox()),
      clock,
      maxConcurrent: 4,
      retry: { callTimeoutMs: 10_000 },
    });
    const errors = await Promise.all(Array.from({ length: count }, () => catchError(client.list())));
    return { errors, clock };
  }

  test("fails the queued calls at once, without sending them, and without a status that they did not receive", async () => {
    reject({ "X-RateLimit-Reset": "3600" });
    const { errors, clock } = await callAll(40);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["rate-limited"]));
    expect(countRejected(sandbox())).toBeLessThanOrEqual(4);
    expect(clock.slept).toEqual([]);
    const unsent = errors.filter(({ facts }) => facts.status === undefined);
    expect(unsent).toHaveLength(40 - countRejected(sandbox()));
    expect(unsent[0]?.message).toContain("(GET /api/v2/org_connections: not sent)");
    for (const { message, facts } of unsent) {
      expect(message).not.toContain("429");
      expect(facts.retryAfterSeconds).toBeGreaterThan(3000);
    }
  });

  test("fails the queued calls within their budget, however short each requested delay is", async () => {
    reject({ "X-RateLimit-Reset": "4" });
    const { errors, clock } = await callAll(40);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["rate-limited"]));
    expect(errors.map(({ message }) => message).join()).toContain("/org_connections: not sent)");
    expect(clock.now()).toBeLessThanOrEqual(20_000);
  });

  test("and sends a clock time instead of a delay is called again after our own delays", async () => {
    reject({ "X-RateLimit-Reset": "1790000000" });
    const { errors, clock } = await callAll(1);
    expect(errors[0]?.facts).not.toHaveProperty("retryAfterSeconds");
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  });
});

test("a wait that is too long for a timer is split", async () => {
  const clock = createFakeClock();
  const limiter = new RequestLimiter(1, clock);
  limiter.pauseFor(2 ** 31 + 5000);
  await limiter.run(() => Promise.resolve());
  expect(clock.slept).toEqual([2 ** 31 - 1, 5001]);
});
