/** `doctor` determines the proxy as the HTTP client does. */
import { createServer } from "node:http";
import axios from "axios";
import { afterEach, expect, test, vi } from "vitest";
import { findProxy } from "../../../../cli/src/commands/doctor/host-checks.js";
import { listen } from "./use-doctor.js";

afterEach(() => void vi.unstubAllEnvs());

test.each([
  // Nothing listens at these addresses, so a direct request fails at once.
  ["a network", "https://127.1.2.3:1", "127.0.0.0/8", false],
  ["another network", "https://127.1.2.3:1", "10.0.0.0/8", true],
  ["another name of the loopback address", "https://127.0.0.1:1", "localhost", false],
  ["the same name", "https://localhost:1", "localhost", false],
  ["another host", "https://127.0.0.1:1", "api.datadoghq.com", true],
])("NO_PROXY is %s", async (_, baseUrl, excluded, usesProxy) => {
  const proxy = createServer();
  let connects = 0;
  proxy.on("connect", (_request, client) => {
    connects++;
    client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  const address = await listen(proxy);
  for (const name of ["https_proxy", "no_proxy"]) vi.stubEnv(name, "");
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  vi.stubEnv("NO_PROXY", excluded);
  const found = await findProxy(baseUrl);
  await axios.get(baseUrl).catch(() => undefined);
  proxy.close();
  expect(found).toEqual(usesProxy ? { address: `http://${address}`, acceptsConnections: true } : undefined);
  expect(connects).toBe(usesProxy ? 1 : 0);
});
