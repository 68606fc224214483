import net from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createProcessContext } from "../../../provider/src/host/process-context.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { EngineWatch } from "../../../core/src/host/engine-watch.js";
import { useSandbox } from "../../sandbox/harness.js";

const INTERVAL_MS = 10;

/** Creates a watch whose probes return these results in turn, and then the last one. */
function createWatch(...results: boolean[]) {
  const exit = vi.fn();
  let probes = 0;
  const watch = new EngineWatch({
    exit,
    intervalMs: INTERVAL_MS,
    isAlive: () => Promise.resolve(results[Math.min(probes++, results.length - 1)] ?? true),
  });
  watch.start("127.0.0.1:1");
  return { watch, exit, probes: (least: number) => vi.waitUntil(() => probes >= least, { interval: 1 }) };
}

describe("a provider process without outstanding writes", () => {
  test("keeps running while its engine accepts connections", async () => {
    const { exit, probes } = createWatch(true);
    await probes(5);
    expect(exit).not.toHaveBeenCalled();
  });

  test("exits after two consecutive failed probes", async () => {
    const { exit } = createWatch(true, false);
    await vi.waitUntil(() => exit.mock.calls.length > 0);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("probes every 5 seconds", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const exit = vi.fn();
    new EngineWatch({ exit, isAlive: () => Promise.resolve(false) }).start("127.0.0.1:1");
    await vi.advanceTimersByTimeAsync(9_999);
    expect(exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("keeps running if only every other probe fails, because the engine is busy", async () => {
    const { exit, probes } = createWatch(false, true, false, true, false, true);
    await probes(6);
    expect(exit).not.toHaveBeenCalled();
  });

  test.each([undefined, "", "run", "127.0.0.1"])(
    "keeps running with %j, which is not an address",
    async (address) => {
      const exit = vi.fn();
      new EngineWatch({ exit, intervalMs: 1 }).start(address);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(exit).not.toHaveBeenCalled();
    },
  );

  test("exits if the engine is a real listener that is killed", async () => {
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

describe("a provider process with outstanding writes", () => {
  test("exits after every write has settled, successfully or not", async () => {
    const { watch, exit, probes } = createWatch(false);
    const settle: (() => void)[] = [];
    const first = watch.trackWrite(new Promise<void>((resolve) => settle.push(resolve)), 60_000);
    const second = watch.trackWrite(
      new Promise<void>((_, reject) => settle.push(() => reject(new Error("refused")))),
      60_000,
    );
    await probes(2);
    await new Promise((resolve) => setImmediate(resolve));
    settle[0]?.();
    await first;
    expect(exit).not.toHaveBeenCalled();
    settle[1]?.();
    await expect(second).rejects.toThrow("refused");
    await vi.waitUntil(() => exit.mock.calls.length > 0);
  });

  test("waits for a write at most for the timeout of one request", async () => {
    const { watch, exit } = createWatch(false);
    void watch.trackWrite(new Promise(() => undefined), 20);
    await vi.waitUntil(() => exit.mock.calls.length > 0);
  });

  test("keeps running if all writes have settled and the engine is alive", async () => {
    const { watch, exit, probes } = createWatch(true);
    await watch.trackWrite(Promise.resolve(), 20);
    await probes(3);
    expect(exit).not.toHaveBeenCalled();
  });
});

describe("the host", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    vi.stubEnv("DD_HOST", sandbox().url);
    vi.stubEnv("DD_API_KEY", apiKey);
    vi.stubEnv("DD_APP_KEY", appKey);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test("starts to watch when it is configured, which happens only in a provider process", async () => {
    const start = vi.spyOn(EngineWatch.prototype, "start").mockReturnValue();
    const host = createSingleHost(createProcessContext());
    expect(start).not.toHaveBeenCalled();
    await host.configure({ config: { get: () => undefined, require: () => "" } });
    expect(start).toHaveBeenCalledTimes(1);
  });

  test("tracks every write with the timeout of one request, and no read", async () => {
    const track = vi.spyOn(EngineWatch.prototype, "trackWrite");
    const host = createSingleHost(createProcessContext());
    const inputs = { sinkOrgId: sandbox().getOrganization("observability").id, connectionTypes: ["logs"] };
    const { id, outs } = (await host.create(inputs)) as { id: string; outs: object };
    await host.read(id, outs);
    await host.update(id, outs, { ...inputs, connectionTypes: ["audit"] });
    await host.delete(id, outs);
    expect(track.mock.calls.map(([, requestMs]) => requestMs)).toEqual([30_000, 30_000, 30_000]);
  });
});

describe("a provider process that its engine ends", () => {
  test("exits at once without outstanding writes", () => {
    const { watch, exit } = createWatch(true);
    watch.stopAfterWrites();
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("exits after the outstanding write, whose outcome would be unknown otherwise", async () => {
    const { watch, exit } = createWatch(true);
    let settle: () => void = () => undefined;
    const write = watch.trackWrite(new Promise<void>((resolve) => (settle = resolve)), 60_000);
    watch.stopAfterWrites();
    expect(exit).not.toHaveBeenCalled();
    settle();
    await write;
    expect(exit).toHaveBeenCalledTimes(1);
  });
});
