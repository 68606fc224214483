import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { useSandbox } from "../../sandbox/harness.js";
import type { Authentication } from "../../../core/src/api/authentication.js";
import { useChild } from "./child.js";
import { createKeys } from "./harness.js";
import { hasOpenssl, createCertificate, type LocalCertificate } from "./local-ca.js";

/** A host name that only the proxy can resolve. */
const UNRESOLVABLE = "api.datadog.invalid";
const keys = createKeys("canary-api-key-of-proxy-test", "canary-app-key-of-proxy-test");
const EMPTY = JSON.stringify({ data: [], meta: { page: { total_count: 0 } } });

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** Creates a proxy that records everything it receives. It connects to this machine for any host name. */
function createProxy() {
  const connects: string[] = [];
  const requests: string[] = [];
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(200, { "Content-Type": "application/json" }).end(EMPTY);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("data", (chunk: Buffer) => received.push(chunk.toString("latin1")));
  });
  server.on("connect", (request, client: Socket, head: Buffer) => {
    connects.push(request.url ?? "");
    headers.push(request.headers);
    const target = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(client);
      client.pipe(target);
    });
    for (const socket of [target, client]) socket.on("error", () => undefined);
    sockets.add(target);
  });
  return {
    server,
    connects,
    requests,
    headers,
    /** All bytes that clients sent. */
    text: () => received.join(""),
    clear: () => {
      for (const list of [connects, requests, received, headers]) list.length = 0;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(!hasOpenssl)("a client behind a proxy (openssl creates the certificate)", () => {
  const run = useChild();
  const sandbox = useSandbox();
  const proxy = createProxy();
  const arrived: IncomingHttpHeaders[] = [];
  let certificate: LocalCertificate;
  let tls: Server;
  let [port, proxyUrl] = [0, ""];

  beforeAll(async () => {
    certificate = createCertificate("localhost", UNRESOLVABLE);
    const { key, cert } = certificate;
    tls = createTlsServer({ key, cert }, (request, response) => {
      arrived.push(request.headers);
      response.writeHead(200, { "Content-Type": "application/json" }).end(EMPTY);
    });
    port = await listen(tls);
    proxyUrl = `http://127.0.0.1:${await listen(proxy.server)}`;
  });
  afterEach(() => {
    arrived.length = 0;
    proxy.clear();
  });
  afterAll(() => {
    proxy.close();
    tls.closeAllConnections();
    tls.close();
    certificate.dispose();
  });

  const getTrustedEnv = () => ({ NODE_EXTRA_CA_CERTS: certificate.file });
  const getProxiedUrl = () => `https://${UNRESOLVABLE}:${port}`;
  const getLocalUrl = () => `https://localhost:${port}`;

  test.each(["HTTPS_PROXY", "https_proxy"])(
    "%s: it requests a tunnel to the host name from the proxy, and receives the response",
    async (name) => {
      const env = { ...getTrustedEnv(), [name]: proxyUrl };
      expect(await run({ authentication: keys, baseUrl: getProxiedUrl(), env })).toMatchObject({ rows: 0 });
      expect(proxy.connects).toEqual([`${UNRESOLVABLE}:${port}`]);
      expect(proxy.requests).toEqual([]);
      expect(arrived).toMatchObject([{ "dd-api-key": keys.apiKey, "dd-application-key": keys.appKey }]);
    },
  );

  test.each<[string, Authentication]>([
    ["key in headers", keys],
    ["key in the query", { ...keys, keyLocation: "query" }],
    ["token", { kind: "token", token: keys.appKey }],
  ])("the proxy receives no %s, and no path", async (_, authentication) => {
    const env = { ...getTrustedEnv(), HTTPS_PROXY: proxyUrl };
    await run({ authentication, baseUrl: getProxiedUrl(), env });
    expect(proxy.connects).toHaveLength(1);
    expect(proxy.text()).toContain("CONNECT");
    for (const secret of [keys.apiKey, keys.appKey, "org_connections", "api_key"]) {
      expect(proxy.text()).not.toContain(secret);
    }
  });

  test("the proxy's password is sent to the proxy, and not to Datadog", async () => {
    const withUser = proxyUrl.replace("http://", "http://someone:secret@");
    const env = { ...getTrustedEnv(), HTTPS_PROXY: withUser };
    expect(await run({ authentication: keys, baseUrl: getProxiedUrl(), env })).toMatchObject({ rows: 0 });
    const basic = `Basic ${Buffer.from("someone:secret").toString("base64")}`;
    expect(proxy.headers).toMatchObject([{ "proxy-authorization": basic }]);
    expect(arrived[0]).not.toHaveProperty("proxy-authorization");
  });

  test.each(["localhost", "localhost,example.com", "*"])(
    "NO_PROXY=%s: it connects directly",
    async (names) => {
      const env = { ...getTrustedEnv(), HTTPS_PROXY: proxyUrl, NO_PROXY: names };
      expect(await run({ authentication: keys, baseUrl: getLocalUrl(), env })).toMatchObject({ rows: 0 });
      expect(proxy.text()).toBe("");
      expect(arrived).toHaveLength(1);
    },
  );

  test("NO_PROXY with other names: it connects through the proxy", async () => {
    const env = { ...getTrustedEnv(), HTTPS_PROXY: proxyUrl, NO_PROXY: "example.com" };
    await run({ authentication: keys, baseUrl: getProxiedUrl(), env });
    expect(proxy.connects).toHaveLength(1);
  });

  test("NO_PROXY with a suffix: it connects directly, and this host name cannot be resolved", async () => {
    const env = { ...getTrustedEnv(), HTTPS_PROXY: proxyUrl, NO_PROXY: ".datadog.invalid" };
    expect(await run({ authentication: keys, baseUrl: getProxiedUrl(), env })).toMatchObject({
      code: "name-not-resolved",
    });
    expect(proxy.text()).toBe("");
  });

  describe("without NODE_EXTRA_CA_CERTS", () => {
    test.each([
      ["directly", () => getLocalUrl(), () => ({})],
      ["through the proxy", () => getProxiedUrl(), () => ({ HTTPS_PROXY: proxyUrl })],
    ])("%s: tls-failed, with that advice, and no key is sent", async (_, baseUrl, env) => {
      const result = await run({ authentication: keys, baseUrl: baseUrl(), env: env() });
      expect(result.code).toBe("tls-failed");
      expect(result.message).toContain("NODE_EXTRA_CA_CERTS");
      expect(arrived).toEqual([]);
      expect(proxy.text()).not.toContain(keys.apiKey);
    });
  });

  test("with only NODE_EXTRA_CA_CERTS: the certificate is trusted without a proxy", async () => {
    expect(await run({ authentication: keys, baseUrl: getLocalUrl(), env: getTrustedEnv() })).toMatchObject({
      rows: 0,
    });
  });

  test("a trusted certificate for another name is tls-failed", async () => {
    const result = await run({
      authentication: keys,
      baseUrl: `https://127.0.0.1:${port}`,
      env: getTrustedEnv(),
    });
    expect(result).toMatchObject({ code: "tls-failed", networkCode: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(arrived).toEqual([]);
  });

  test("an unreachable proxy is connection-failed; the client does not connect directly instead", async () => {
    const env = { ...getTrustedEnv(), HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await run({ authentication: keys, baseUrl: getLocalUrl(), env })).toMatchObject({
      code: "connection-failed",
    });
    expect(arrived).toEqual([]);
  });

  test("HTTP_PROXY does not apply to https", async () => {
    const env = { ...getTrustedEnv(), HTTP_PROXY: proxyUrl, http_proxy: proxyUrl };
    expect(await run({ authentication: keys, baseUrl: getLocalUrl(), env })).toMatchObject({ rows: 0 });
    expect(proxy.text()).toBe("");
  });

  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "%s does not apply to http on loopback: unencrypted keys stay on this machine",
    async (name) => {
      const result = await run({ authentication: keys, baseUrl: sandbox().url, env: { [name]: proxyUrl } });
      expect(proxy.text()).toBe("");
      expect(proxy.requests).toEqual([]);
      expect(sandbox().requests).toHaveLength(1);
      // The keys are invalid, so this response is from the sandbox.
      expect(result.code).toBe("forbidden");
    },
  );
});
