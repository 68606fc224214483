import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../provider/src/client/client.js";
import { Gate } from "../../provider/src/client/gate.js";
import type { Sandbox } from "../../provider/src/sandbox/index.js";
import { useSandbox } from "../sandbox/harness.js";
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

test("a create that others' refusals keep waiting beyond its budget is not sent: its outcome would be unknown", async () => {
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
  let wake: () => void = () => undefined;
  const sleeps: number[] = [];
  const client = new OrgConnectionsClient({
    ...optionsFor(sandbox()),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    retry: { totalMs: 100_000 },
    clock: {
      now: () => time,
      sleep: (ms) => {
        sleeps.push(ms);
        return new Promise<void>((resolve) => (wake = resolve));
      },
    },
  });
  const sleeping = (times: number) => vi.waitUntil(() => sleeps.length >= times, { interval: 5 });
  const list = client.list().catch(() => undefined);
  const failed = failureOf(client.create(SINK, ["logs"]));
  await sleeping(1);
  time = 50_000;
  release();
  await sleeping(2);
  time = 141_000;
  wake();
  expect((await failed).code).toBe("rate-limited");
  expect(posts).toBe(1);
  server.closeAllConnections();
  server.close();
  await list;
});
