import { afterEach, expect, test } from "vitest";
import { SITE, useFakeProxies } from "../../../core/api/fake-proxy.js";
import { runCommand } from "../../run-command.js";

const start = useFakeProxies();
afterEach(() => {
  delete process.env["HTTPS_PROXY"];
});
const env = { DD_API_KEY: "canary-api-key", DD_APP_KEY: "canary-app-key", DD_HOST: SITE };
const EMPTY = { data: [], meta: { page: { total_count: 0, total_filtered_count: 0 } } };

test("inventory ignores the response of a proxy that responds instead of Datadog", async () => {
  const proxy = await start(() => ({ status: 201, body: EMPTY }));
  process.env["HTTPS_PROXY"] = proxy.url;
  const { code, stdout } = await runCommand(["inventory", "--format", "json"], { env });
  expect(code).toBe(7);
  expect(JSON.parse(stdout)).toMatchObject({
    complete: false,
    organizations: [{ checked: false, code: "proxy-refused" }],
    connections: [],
  });
});
