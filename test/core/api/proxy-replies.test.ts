import { afterEach, describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { everyCall, catchError, createFakeClock, createKeys } from "./harness.js";
import { SITE, useFakeProxies, type ProxyReply } from "./fake-proxy.js";

const keys = { apiKey: "canary-api-key-of-proxy-replies", appKey: "canary-app-key-of-proxy-replies" };
const ROW = {
  id: "40bbb1c2-0000-4000-8000-000000000001",
  attributes: { created_at: "2025-08-26T20:19:36Z", connection_types: ["logs"] },
};
/** The response of the API to each call. */
const LIKE_DATADOG: Record<keyof typeof everyCall, unknown> = {
  listConnections: { data: [], meta: { page: { total_count: 0, total_filtered_count: 0 } } },
  createConnection: { data: ROW },
  updateConnection: { data: ROW },
  deleteConnection: {},
  listOrganizations: { data: { id: "aaaaaaaa-0001-4000-8000-000000000001" }, included: [] },
};

const start = useFakeProxies();
afterEach(() => {
  vi.unstubAllEnvs();
});
async function startProxy(reply: ProxyReply, variable = "HTTPS_PROXY") {
  const proxy = await start(() => reply);
  vi.stubEnv(variable, proxy.url);
  return proxy;
}

const createProxiedClient = () =>
  new OrgConnectionsClient({
    authentication: createKeys(keys.apiKey, keys.appKey),
    baseUrl: SITE,
    label: `organization "payments"`,
    credentialsFrom: "DD_API_KEY__X and DD_APP_KEY__X",
    clock: createFakeClock(),
    random: () => 1,
  });

describe.each(Object.entries(everyCall))(
  "%s through a proxy that responds to CONNECT itself",
  (route, call) => {
    const body = LIKE_DATADOG[route as keyof typeof everyCall];

    test.each([201, 202, 204, 206, 302, 400, 403, 404, 407, 409, 429, 500, 503])(
      "with %i and the body of a Datadog response: proxy-refused",
      async (status) => {
        const proxy = await startProxy(status === 204 ? { status } : { status, body });
        const error = await catchError(call(createProxiedClient()));
        expect(error).toMatchObject({ code: "proxy-refused", facts: { networkCode: "PROXY_REFUSED" } });
        expect(error.message).toContain(`status ${status}`);
        expect(error.message).toContain("HTTPS_PROXY");
        expect(error.facts).not.toHaveProperty("status");
        for (const key of Object.values(keys)) expect(proxy.text()).not.toContain(key);
      },
    );

    test("with 200 and no tunnel: no TLS connection", async () => {
      const proxy = await startProxy({ status: 200, body });
      const { code } = await catchError(call(createProxiedClient()));
      expect(["tls-failed", "connection-failed"]).toContain(code);
      for (const key of Object.values(keys)) expect(proxy.text()).not.toContain(key);
    });
  },
);

test.each(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])(
  "the error names the variable that has the proxy: %s",
  async (variable) => {
    await startProxy({ status: 407, body: {} }, variable);
    const { happened, advice } = await catchError(createProxiedClient().list());
    expect(happened).toContain(`The proxy in ${variable} refused`);
    expect(advice).toContain(`Correct the user and password in ${variable},`);
  },
);

test("the error names the variable that the client reads first", async () => {
  await startProxy({ status: 407, body: {} }, "ALL_PROXY");
  const first = await startProxy({ status: 403, body: {} }, "https_proxy");
  const { happened } = await catchError(createProxiedClient().list());
  expect(first.connects()).toBe(1);
  expect(happened).toMatch(/^The proxy in https_proxy refused .* with status 403\./);
});

test("a host name that does not resolve: the message names the variable of the proxy", async () => {
  vi.stubEnv("ALL_PROXY", "http://proxy.datadog.invalid:3128");
  const { code, happened, advice } = await catchError(createProxiedClient().list());
  expect(code).toBe("name-not-resolved");
  expect(happened).toContain("or of the proxy in ALL_PROXY does not resolve");
  expect(advice).toContain("if ALL_PROXY is set");
});

test("a call is repeated if a proxy fails temporarily, but not if it refuses", async () => {
  const failing = await startProxy({ status: 503, body: {} });
  await catchError(createProxiedClient().list());
  expect(failing.connects()).toBe(6);
  const refusing = await startProxy({ status: 407, body: {} });
  await catchError(createProxiedClient().list());
  expect(refusing.connects()).toBe(1);
});
