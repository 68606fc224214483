import net from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProcessContext, type DynamicHost } from "../../../provider/src/host/process-context.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { findEngineAddress, requireEngine } from "../../../core/src/host/engine-watch.js";
import { routes } from "../../../core/src/api/routes.js";
import { catchError } from "../../core/api/harness.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();
const argument = process.argv[2];
const engines: net.Server[] = [];

/** Starts a server that accepts connections like an engine, until it is killed. */
async function startEngine() {
  const server = net.createServer((socket) => socket.destroy());
  engines.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    kill: () => new Promise<unknown>((resolve) => server.close(resolve)),
  };
}

afterEach(() => {
  for (const server of engines.splice(0)) server.close();
  process.argv[2] = argument ?? "";
  vi.unstubAllEnvs();
});

describe("requireEngine", () => {
  test("passes if the engine accepts connections", async () => {
    await expect(requireEngine((await startEngine()).address)).resolves.toBeUndefined();
  });

  test("finds the address after the flags that the engine passes", () => {
    expect(findEngineAddress(["--logtostderr", "-v=9", "--tracing", "file:x", "127.0.0.1:1"])).toBe(
      "127.0.0.1:1",
    );
    expect(findEngineAddress([])).toBeUndefined();
  });

  test("fails if the engine no longer accepts connections, and the error says what to do", async () => {
    const { address, kill } = await startEngine();
    await kill();
    const error = await catchError(requireEngine(address));
    expect(error.code).toBe("engine-gone");
    expect(error.message).toContain("changes nothing more in Datadog");
    expect(error.message).toContain("pulumi cancel");
    expect(error.message).toContain("pulumi up --refresh");
  });

  test.each([undefined, "", "run", "--reporter=dot", "127.0.0.1", "localhost:port"])(
    "passes with %j, which is not an address",
    async (address) => {
      await expect(requireEngine(address)).resolves.toBeUndefined();
    },
  );
});

describe("the host of a provider process whose engine is gone", () => {
  let host: DynamicHost;
  const inputs = () => ({
    sinkOrgId: sandbox().getOrganization("observability").id,
    connectionTypes: ["logs"],
  });
  const countWrites = () => sandbox().requests.filter(({ method }) => method !== "GET").length;

  beforeEach(() => {
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    vi.stubEnv("DD_HOST", sandbox().url);
    vi.stubEnv("DD_API_KEY", apiKey);
    vi.stubEnv("DD_APP_KEY", appKey);
    host = createSingleHost(createProcessContext());
  });

  /** Creates a connection while the engine is alive. */
  async function createDeclared() {
    const { address, kill } = await startEngine();
    process.argv[2] = address;
    const { id, outs } = (await host.create(inputs())) as { id: string; outs: object };
    sandbox().clearRequests();
    return { id, outs, kill };
  }

  test("creates nothing", async () => {
    const { address, kill } = await startEngine();
    await kill();
    process.argv[2] = address;
    await expect(host.create(inputs())).rejects.toThrow("[engine-gone]");
    expect([countWrites(), sandbox().listConnections()]).toEqual([0, []]);
  });

  test("changes nothing", async () => {
    const { id, outs, kill } = await createDeclared();
    await kill();
    const change = host.update(id, outs, { ...inputs(), connectionTypes: ["audit"] });
    await expect(change).rejects.toThrow("[engine-gone]");
    expect([countWrites(), sandbox().listConnections()]).toMatchObject([
      0,
      [{ id, connectionTypes: ["logs"] }],
    ]);
  });

  test("deletes nothing", async () => {
    const { id, outs, kill } = await createDeclared();
    await kill();
    await expect(host.delete(id, outs)).rejects.toThrow("[engine-gone]");
    expect([countWrites(), sandbox().listConnections().length]).toEqual([0, 1]);
  });

  test.each(["createConnection", "deleteConnection"] as const)(
    "does not send the second attempt of %s if the engine is gone during the wait",
    async (route) => {
      const { id, outs, kill } = await createDeclared();
      const what = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "1" } } as const;
      const refusal = sandbox().fail({ on: { route }, times: Infinity, moment: "before", what });
      const sink = sandbox().getOrganization("security").id;
      const call =
        route === "createConnection" ? host.create({ ...inputs(), sinkOrgId: sink }) : host.delete(id, outs);
      const failed = expect(call).rejects.toThrow("[engine-gone]");
      await vi.waitUntil(() => refusal.fired > 0, { interval: 5 });
      await kill();
      await failed;
      expect(refusal.fired).toBe(1);
      expect(sandbox().requests.filter(({ method }) => method === routes[route].method)).toHaveLength(1);
    },
  );

  test("still reads, which changes nothing", async () => {
    const { id, outs, kill } = await createDeclared();
    await kill();
    expect((await host.read(id, outs)).id).toBe(id);
  });
});
