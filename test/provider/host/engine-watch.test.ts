import net from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { handler } from "../../../provider/src/host/dynamic.js";
import { EngineWatch } from "../../../provider/src/host/engine-watch.js";
import { useSandbox } from "../../sandbox/harness.js";

const INTERVAL_MS = 10;

/** A watch that asks each of these answers in turn, the last one for ever. */
function watching(...answers: boolean[]) {
  const exit = vi.fn();
  let looks = 0;
  const watch = new EngineWatch({
    exit,
    intervalMs: INTERVAL_MS,
    isAlive: () => Promise.resolve(answers[Math.min(looks++, answers.length - 1)] ?? true),
  });
  watch.start("127.0.0.1:1");
  return { watch, exit, looks: (least: number) => vi.waitUntil(() => looks >= least, { interval: 1 }) };
}

describe("a provider process without work", () => {
  test("stays while its engine accepts connections", async () => {
    const { exit, looks } = watching(true);
    await looks(5);
    expect(exit).not.toHaveBeenCalled();
  });

  test("ends when its engine has twice in a row accepted none", async () => {
    const { exit } = watching(true, false);
    await vi.waitUntil(() => exit.mock.calls.length > 0);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("stays when only every other look fails: the engine is busy", async () => {
    const { exit, looks } = watching(false, true, false, true, false, true);
    await looks(6);
    expect(exit).not.toHaveBeenCalled();
  });

  test.each([undefined, "", "run", "127.0.0.1"])("stays at %j, which is no address", async (address) => {
    const exit = vi.fn();
    new EngineWatch({ exit, intervalMs: 1 }).start(address);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(exit).not.toHaveBeenCalled();
  });

  test("ends for an engine that is a real listener and is killed", async () => {
    const server = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const exit = vi.fn();
    const watch = new EngineWatch({ exit, intervalMs: INTERVAL_MS });
    watch.start(`127.0.0.1:${port}`);
    await new Promise<unknown>((resolve) => server.close(resolve));
    await vi.waitUntil(() => exit.mock.calls.length > 0);
  });
});

describe("a provider process with a write in flight", () => {
  test("ends once every write has ended, well or not", async () => {
    const { watch, exit, looks } = watching(false);
    const settle: (() => void)[] = [];
    const first = watch.track(new Promise<void>((resolve) => settle.push(resolve)), 60_000);
    const second = watch.track(
      new Promise<void>((_, reject) => settle.push(() => reject(new Error("refused")))),
      60_000,
    );
    await looks(2);
    await new Promise((resolve) => setImmediate(resolve));
    settle[0]?.();
    await first;
    expect(exit).not.toHaveBeenCalled();
    settle[1]?.();
    await expect(second).rejects.toThrow("refused");
    await vi.waitUntil(() => exit.mock.calls.length > 0);
  });

  test("waits no longer for a write than one request may take", async () => {
    const { watch, exit } = watching(false);
    void watch.track(new Promise(() => undefined), 20);
    await vi.waitUntil(() => exit.mock.calls.length > 0);
  });

  test("stays when all writes have ended and the engine lives", async () => {
    const { watch, exit, looks } = watching(true);
    await watch.track(Promise.resolve(), 20);
    await looks(3);
    expect(exit).not.toHaveBeenCalled();
  });
});

describe("the host", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    const { apiKey, appKey } = sandbox().organization("payments");
    vi.stubEnv("DD_HOST", sandbox().url);
    vi.stubEnv("DD_API_KEY", apiKey);
    vi.stubEnv("DD_APP_KEY", appKey);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test("begins to watch when it is configured, which happens in a provider process only", async () => {
    const start = vi.spyOn(EngineWatch.prototype, "start").mockReturnValue();
    const host = handler();
    expect(start).not.toHaveBeenCalled();
    await host.configure({ config: { get: () => undefined, require: () => "" } });
    expect(start).toHaveBeenCalledTimes(1);
  });

  test("has every write tracked, with the bound of one request, and no read", async () => {
    const track = vi.spyOn(EngineWatch.prototype, "track");
    const host = handler();
    const inputs = { sinkOrgId: sandbox().organization("observability").id, connectionTypes: ["logs"] };
    const { id, outs } = (await host.create(inputs)) as { id: string; outs: object };
    await host.read(id, outs);
    await host.update(id, outs, { ...inputs, connectionTypes: ["audit"] });
    await host.delete(id, outs);
    expect(track.mock.calls.map(([, requestMs]) => requestMs)).toEqual([30_000, 30_000, 30_000]);
  });
});
