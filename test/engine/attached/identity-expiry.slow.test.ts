/** An access token that expires in the middle of an `up` of 200 connections of one organization. */
import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { expectSettled } from "../expect-settled.js";
import { countExchanges, createIdentityStack, expectNoOtherCredentials } from "../identity-stack.js";
import { waitUntil } from "../processes.js";
import { useEngine, type Stack } from "../stack.js";

const COUNT = 200;
const sinks = Array.from({ length: COUNT }, (_, at) => `source-${at + 1}`);
const seed = createSeed({ sources: COUNT });

type Engine = ReturnType<typeof useEngine>;

const createStack = (engine: Engine): Stack =>
  createIdentityStack(engine, () => {
    for (const sink of sinks)
      new OrgConnection(sink, { sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] });
  });

/** Expects that each connection exists once, in the state and live, and that a preview has no changes. */
async function expectAllCreated(engine: Engine, stack: Stack): Promise<void> {
  expectNoOtherCredentials(engine.sandbox);
  expect(engine.listLive()).toEqual(sinks.map((sink) => `payments → ${sink}: logs`).sort());
  await expectSettled(engine, stack);
}

describe("because Datadog ends it", () => {
  const engine = useEngine({ seed });

  it("is replaced by one exchange, and nothing is lost", async () => {
    const stack = createStack(engine);
    const { sandbox } = engine;
    // The requests from the 101st on wait until the token has ended. Those that follow them carry it too.
    const hold = sandbox.fail({
      on: { route: "createConnection" },
      skip: 100,
      times: Infinity,
      moment: "before",
      what: { kind: "delay", ms: 60_000 },
    });
    const up = await stack.start("up", "--yes", "--skip-preview", "--parallel=64");
    await waitUntil("the middle of the up", () => hold.fired > 0);
    sandbox.expireTokens();
    hold.disarm();
    hold.release();
    const { code, output } = await up.done;

    expect(code, output).toBe(0);
    expect(countExchanges(sandbox)).toBe(2);
    const creates = sandbox.requests.filter(({ route }) => route === "createConnection");
    const refused = sandbox.requests.filter(({ status }) => status === 401);
    // At most the concurrent requests were refused: later ones had the new token.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(32);
    expect(creates).toHaveLength(COUNT + refused.length);
    await expectAllCreated(engine, stack);
  });
});

describe("because its time is over", () => {
  const LIFETIME_SECONDS = 10;
  const engine = useEngine({ seed, tokenLifetimeSeconds: LIFETIME_SECONDS, latencyMs: 150 });

  it("is renewed before, no more often than necessary", async () => {
    const stack = createStack(engine);
    await stack.setConfig("datadog-org-connections:maxConcurrent", "2");
    await stack.expectUp("--parallel=64");
    const [first, last] = [engine.sandbox.requests[0], engine.sandbox.requests.at(-1)];
    const seconds = ((last?.startedAt ?? 0) - (first?.startedAt ?? 0)) / 1000;
    expect(seconds).toBeGreaterThan(LIFETIME_SECONDS);
    expect(countExchanges(engine.sandbox)).toBeGreaterThan(1);
    // `expires` has whole seconds, and the last tenth of the time is not used.
    expect(countExchanges(engine.sandbox)).toBeLessThanOrEqual(
      1 + Math.ceil(seconds / (0.9 * (LIFETIME_SECONDS - 1))),
    );
    expect(engine.sandbox.requests.filter(({ status }) => status === 401)).toEqual([]);
    await expectAllCreated(engine, stack);
  });
});
