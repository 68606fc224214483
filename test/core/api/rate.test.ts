import { describe, expect, test } from "vitest";
import { create, type World } from "../../../core/src/index.js";
import { seedWith, type Sandbox } from "../../../sandbox/src/index.js";
import { operation } from "../connection/operation.js";
import { useSandbox } from "../../sandbox/harness.js";

/** As many as an engine does at once on a machine of four processors. */
const AT_ONCE = 16;

/** Does all, some at once, as the engine does. */
async function inParallel(all: (() => Promise<unknown>)[], atOnce = AT_ONCE): Promise<void> {
  const queue = [...all];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const refused = (sandbox: Sandbox) => sandbox.requests.filter(({ status }) => status === 429).length;
const creates = (sandbox: Sandbox, world: World, source: string, sinks: string[]) =>
  sinks.map((sink) => () => {
    const sinkOrgId = sandbox.organization(sink).id;
    return create(world, { source, sinkOrgId, connectionTypes: ["logs"] });
  });
const keys = (from: number, count: number) => Array.from({ length: count }, (_, at) => `source-${from + at}`);

describe("at ten requests a second", () => {
  const limited = useSandbox({ seed: seedWith({ sources: 60 }), rateLimit: { limit: 10, periodSeconds: 1 } });

  test("60 new connections of one organization are made, and fewer than 15 requests are refused", async () => {
    const sandbox = limited();
    await inParallel(creates(sandbox, operation(sandbox), "payments", keys(1, 60)));
    expect(sandbox.connections()).toHaveLength(60);
    expect(refused(sandbox)).toBeLessThan(15);
  });

  test("20 organizations at once with 5 each are made, and fewer than 15 requests are refused", async () => {
    const sandbox = limited();
    const world = operation(sandbox);
    const all = keys(1, 20).flatMap((source) => creates(sandbox, world, source, keys(41, 5)));
    await inParallel(all);
    expect(sandbox.connections()).toHaveLength(100);
    expect(refused(sandbox)).toBeLessThan(15);
  });

  test("20 organizations at once with 15 each, more than one window: likewise", async () => {
    const sandbox = limited();
    const world = operation(sandbox);
    const all = keys(1, 20).flatMap((source) => creates(sandbox, world, source, keys(41, 15)));
    await inParallel(all, 4 * AT_ONCE);
    expect(sandbox.connections()).toHaveLength(300);
    expect(refused(sandbox)).toBeLessThan(15);
  });
});
