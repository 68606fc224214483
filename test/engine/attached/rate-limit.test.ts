import { describe, expect, it } from "vitest";
import { createSeed } from "../../../sandbox/src/index.js";
import { useEngine } from "../stack.js";

const COUNT = 30;
const sinks = Array.from({ length: COUNT }, (_, at) => `source-${at + 1}`);
const seed = createSeed({ sources: COUNT });
/** As on a machine with four processors. With fewer, the engine runs fewer steps concurrently. */
const PARALLEL = "--parallel=16";

describe("a rate limit that resets in an hour", () => {
  const engine = useEngine({ seed });

  it("fails an `up` and all queued requests", async () => {
    const stack = engine.createStack(sinks.map((sink) => engine.declare(sink, sink)));
    await stack.setConfig("datadog-org-connections:callTimeoutSeconds", "10");
    await stack.setConfig("datadog-org-connections:maxConcurrent", "4");
    engine.sandbox.fail({
      on: { route: "createConnection" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "3600" } },
    });
    // If the client waited, this test would time out.
    const up = await stack.up(PARALLEL, "--continue-on-error");
    expect(up.code).not.toBe(0);
    const refused = up.errors.filter((error) => error.includes("[rate-limited]"));
    expect(refused).toHaveLength(COUNT);
    const sent = up.requests.filter((request) => request.startsWith("POST"));
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(refused.filter((error) => error.includes("429"))).toHaveLength(sent.length);
    expect(engine.listLive()).toEqual([]);
  });
});

describe("ten requests per second, by the clock of the sandbox", () => {
  const engine = useEngine({ seed, rateLimit: { limit: 10, periodSeconds: 1 } });

  it("one `up` creates 30 connections with fewer than 15 responses of status 429", async () => {
    const stack = engine.createStack(sinks.map((sink) => engine.declare(sink, sink)));
    await stack.expectUp(PARALLEL);
    expect(engine.sandbox.requests.filter(({ status }) => status === 429).length).toBeLessThan(15);
    expect(engine.listLive()).toHaveLength(COUNT);
  });
});
