import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../../cli/src/run.js";
import { Stopped } from "../../../cli/src/shared/stop.js";

let server: Server;
beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Each call of the clock is ten seconds later, so all progress is shown.
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 10_000));
});
afterEach(() => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

test("a stopped command removes its progress line before the last message", async () => {
  const stop = new AbortController();
  let terminal = "";
  const code = run(["inventory"], {
    stdout: { write: () => undefined },
    stderr: { write: (text) => (terminal += text), isTTY: true },
    stdin: (async function* () {})(),
    env: {
      DD_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      DD_API_KEY: "sandbox-key",
      DD_APP_KEY: "sandbox-key",
    },
    cwd: process.cwd(),
    signal: stop.signal,
  });
  await expect.poll(() => terminal).toMatch(/^\rreading the stacks/);
  stop.abort(new Stopped("SIGTERM"));
  expect(await code).toBe(143);
  expect(terminal).toMatch(/\r {10,}\rThe command was stopped by SIGTERM before it finished\.\n$/);
});
