import { describe, expect, test } from "vitest";
import { Gate } from "../../../core/src/api/gate.js";
import { useSandbox } from "../../sandbox/harness.js";
import { clientFor, fakeClock } from "./harness.js";

/** Work that ends when told to, and says when it began. */
function tasks(gate: Gate) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const results: Promise<number>[] = [];
  return {
    begun,
    results,
    add: (count: number) => {
      for (let added = 0; added < count; added++) {
        const number = results.length;
        const work = () =>
          new Promise<number>((resolve) => {
            begun.push(number);
            ends[number] = () => resolve(number);
          });
        results.push(gate.pass(work));
      }
    },
    end: async (number: number) => {
      ends[number]?.();
      await results[number];
    },
  };
}

/** Lets everything run that can run without anybody's help. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate lets in at most so many", () => {
  test("and the next when one leaves, in the order of arrival", async () => {
    const work = tasks(new Gate(2, fakeClock()));
    work.add(4);
    await settle();
    expect(work.begun).toEqual([0, 1]);
    await work.end(1);
    await settle();
    expect(work.begun).toEqual([0, 1, 2]);
    await work.end(0);
    await settle();
    expect(work.begun).toEqual([0, 1, 2, 3]);
  });

  test("and again as many when all have left", async () => {
    const work = tasks(new Gate(2, fakeClock()));
    work.add(2);
    await settle();
    await Promise.all([work.end(0), work.end(1)]);
    work.add(3);
    await settle();
    expect(work.begun).toEqual([0, 1, 2, 3]);
  });

  test("and work that fails leaves too", async () => {
    const gate = new Gate(1, fakeClock());
    await expect(gate.pass(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await gate.pass(() => Promise.resolve("in"))).toBe("in");
  });
});

describe("a closed gate", () => {
  test("lets nothing through until its time is over", async () => {
    const clock = fakeClock();
    const gate = new Gate(2, clock);
    gate.closeFor(3000);
    expect(await gate.pass(() => Promise.resolve(clock.now()))).toBe(3000);
    expect(clock.slept).toEqual([3000]);
  });

  test("is closed for the longest of its times", async () => {
    const clock = fakeClock();
    const gate = new Gate(2, clock);
    gate.closeFor(3000);
    gate.closeFor(1000);
    expect(await gate.pass(() => Promise.resolve(clock.now()))).toBe(3000);
  });

  test("holds those who wait again when it is closed anew meanwhile", async () => {
    const clock = fakeClock();
    let closedAgain = false;
    const gate: Gate = new Gate(1, {
      now: clock.now,
      sleep: (ms) => {
        if (!closedAgain) gate.closeFor(5000);
        closedAgain = true;
        return clock.sleep(ms);
      },
    });
    gate.closeFor(1000);
    expect(await gate.pass(() => Promise.resolve(clock.now()))).toBe(5000);
  });

  test("does not stop what is inside already", async () => {
    const clock = fakeClock();
    const gate = new Gate(2, clock);
    const work = tasks(gate);
    work.add(1);
    await settle();
    gate.closeFor(3000);
    await work.end(0);
    expect(clock.slept).toEqual([]);
  });

  test("for no time at all is open", async () => {
    const clock = fakeClock();
    const gate = new Gate(1, clock);
    gate.closeFor(0);
    await gate.pass(() => Promise.resolve());
    expect(clock.slept).toEqual([]);
  });
});

/** Work whose answer tells of a rate limit. */
function noting(gate: Gate, ...answer: Parameters<Gate["note"]>): Promise<void> {
  gate.note(...answer);
  return Promise.resolve();
}

describe("a gate that answers told of a rate limit", () => {
  const limit = { limit: 2, resetSeconds: 30 };

  test("lets no more through than are left in the window", async () => {
    const clock = fakeClock();
    const gate = new Gate(5, clock);
    const at: number[] = [];
    const pass = (remaining: number) =>
      gate.pass(() => {
        at.push(clock.now());
        gate.note(200, { ...limit, remaining });
        return Promise.resolve();
      });
    await pass(1);
    await pass(0);
    await pass(1);
    await pass(0);
    await pass(1);
    expect(at).toEqual([0, 0, 30_000, 30_000, 60_000]);
  });

  test("is closed by a refusal even when the answer counts some as left", async () => {
    const clock = fakeClock();
    const gate = new Gate(5, clock);
    await gate.pass(() => noting(gate, 429, { ...limit, remaining: 2 }));
    expect(await gate.pass(() => Promise.resolve(clock.now()))).toBe(30_000);
  });

  test("is not closed by an answer that tells no reset", async () => {
    const clock = fakeClock();
    const gate = new Gate(5, clock);
    await gate.pass(() => noting(gate, 200, { limit: 2, remaining: 0 }));
    await gate.pass(() => Promise.resolve());
    expect(clock.slept).toEqual([]);
  });

  test("goes by the lowest number within a window: a response that was overtaken reports more", async () => {
    const clock = fakeClock();
    const gate = new Gate(5, clock);
    await gate.pass(() => noting(gate, 200, { limit: 10, remaining: 1, resetSeconds: 3600 }));
    await gate.pass(() => noting(gate, 200, { limit: 10, remaining: 5, resetSeconds: 3600 }));
    await gate.pass(() => Promise.resolve());
    expect(clock.slept).toEqual([3_600_000]);
  });

  test("tells of the wait before it begins", async () => {
    const clock = fakeClock();
    const told: [number, number][] = [];
    const gate = new Gate(5, clock, (ms) => void told.push([clock.now(), ms]));
    gate.closeFor(3000);
    await gate.pass(() => Promise.resolve());
    expect(told).toEqual([[0, 3000]]);
  });
});

describe("a client", () => {
  const sandbox = useSandbox();

  test("has no more requests in flight than it may", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "delay", ms: 20 } });
    const client = clientFor(sandbox(), "payments", { maxInFlight: 3 });
    await Promise.all(Array.from({ length: 9 }, () => client.list()));
    const { requests } = sandbox();
    const inFlight = requests.map(
      ({ startedAt }) =>
        requests.filter((other) => other.startedAt <= startedAt && (other.endedAt ?? Infinity) > startedAt)
          .length,
    );
    expect(requests).toHaveLength(9);
    expect(Math.max(...inFlight)).toBeLessThanOrEqual(3);
  });
});
