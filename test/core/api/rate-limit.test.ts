import { describe, expect, test } from "vitest";
import { create, type OperationContext } from "../../../core/src/index.js";
import { createSeed, type Sandbox } from "../../../sandbox/src/index.js";
import { createOperation } from "../connection/operation.js";
import { useSandbox } from "../../sandbox/harness.js";

/** The concurrency of the engine on a machine with four processors. */
const CONCURRENCY = 16;

/** Runs all tasks with limited concurrency, as the engine does. */
async function runConcurrently(tasks: (() => Promise<unknown>)[], concurrency = CONCURRENCY): Promise<void> {
  const queue = [...tasks];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

const countRejected = (sandbox: Sandbox) => sandbox.requests.filter(({ status }) => status === 429).length;
const planCreates = (sandbox: Sandbox, context: OperationContext, source: string, sinks: string[]) =>
  sinks.map((sink) => () => {
    const sinkOrgId = sandbox.getOrganization(sink).id;
    return create(context, { source, sinkOrgId, connectionTypes: ["logs"] });
  });
const listKeys = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `source-${from + at}`);

describe("at ten requests a second", () => {
  const limitedSandbox = useSandbox({
    seed: createSeed({ sources: 60 }),
    rateLimit: { limit: 10, periodSeconds: 1 },
  });

  test("60 connections of one organization are created, with fewer than 15 responses of 429", async () => {
    const sandbox = limitedSandbox();
    await runConcurrently(planCreates(sandbox, createOperation(sandbox), "payments", listKeys(1, 60)));
    expect(sandbox.listConnections()).toHaveLength(60);
    expect(countRejected(sandbox)).toBeLessThan(15);
  });

  test("20 concurrent organizations with 5 connections each are created, with fewer than 15 responses of 429", async () => {
    const sandbox = limitedSandbox();
    const context = createOperation(sandbox);
    const all = listKeys(1, 20).flatMap((source) => planCreates(sandbox, context, source, listKeys(41, 5)));
    await runConcurrently(all);
    expect(sandbox.listConnections()).toHaveLength(100);
    expect(countRejected(sandbox)).toBeLessThan(15);
  });

  test("20 concurrent organizations with 15 connections each, more than one window: likewise", async () => {
    const sandbox = limitedSandbox();
    const context = createOperation(sandbox);
    const all = listKeys(1, 20).flatMap((source) => planCreates(sandbox, context, source, listKeys(41, 15)));
    await runConcurrently(all, 4 * CONCURRENCY);
    expect(sandbox.listConnections()).toHaveLength(300);
    expect(countRejected(sandbox)).toBeLessThan(15);
  });
});
