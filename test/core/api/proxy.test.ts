import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { useSandbox } from "../../sandbox/harness.js";
import { useChild } from "./child.js";
import { hasOpenssl, makeCertificate, type LocalCertificate } from "./local-ca.js";

/** A name that only the proxy can resolve. */
const MADE_UP = "api.datadog.invalid";
const keys = { apiKey: "canary-api-key-of-proxy-test", appKey: "canary-app-key-of-proxy-test" };
const EMPTY = JSON.stringify({ data: [], meta: { page: { total_count: 0 } } });

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** A proxy that keeps all it gets to see; whatever the name, it leads to this machine. */
function makeProxy() {
  const connects: string[] = [];
  const requests: string[] = [];
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(200, { "Content-Type": "application/json" }).end(EMPTY);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("data", (chunk: Buffer) => seen.push(chunk.toString("latin1")));
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
    /** Every byte that clients sent to it. */
    text: () => seen.join(""),
    forget: () => {
      for (const list of [connects, requests, seen, headers]) list.length = 0;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(!hasOpenssl)("a client behind a proxy (openssl makes the certificate)", () => {
  const run = useChild();
  const sandbox = useSandbox();
  const proxy = makeProxy();
  const arrived: IncomingHttpHeaders[] = [];
  let certificate: LocalCertificate;
  let tls: Server;
  let [port, proxyUrl] = [0, ""];

  beforeAll(async () => {
    certificate = makeCertificate("localhost", MADE_UP);
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
    proxy.forget();
  });
  afterAll(() => {
    proxy.close();
    tls.closeAllConnections();
    tls.close();
    certificate.dispose();
  });

  const trusted = () => ({ NODE_EXTRA_CA_CERTS: certificate.file });
  const madeUp = () => `https://${MADE_UP}:${port}`;
  const local = () => `https://localhost:${port}`;

  test.each(["HTTPS_PROXY", "https_proxy"])(
    "%s: it asks the proxy for a tunnel, by the name, and gets its answer",
    async (name) => {
      const env = { ...trusted(), [name]: proxyUrl };
      expect(await run({ ...keys, baseUrl: madeUp(), env })).toMatchObject({ rows: 0 });
      expect(proxy.connects).toEqual([`${MADE_UP}:${port}`]);
      expect(proxy.requests).toEqual([]);
      expect(arrived).toMatchObject([{ "dd-api-key": keys.apiKey, "dd-application-key": keys.appKey }]);
    },
  );

  test.each(["headers", "query"] as const)("the proxy sees no key in %s, and no path", async (auth) => {
    const env = { ...trusted(), HTTPS_PROXY: proxyUrl };
    await run({ ...keys, baseUrl: madeUp(), env, options: { auth } });
    expect(proxy.connects).toHaveLength(1);
    expect(proxy.text()).toContain("CONNECT");
    for (const secret of [keys.apiKey, keys.appKey, "org_connections", "api_key"]) {
      expect(proxy.text()).not.toContain(secret);
    }
  });

  test("a proxy's own password goes to the proxy, and not to Datadog", async () => {
    const withUser = proxyUrl.replace("http://", "http://someone:secret@");
    const env = { ...trusted(), HTTPS_PROXY: withUser };
    expect(await run({ ...keys, baseUrl: madeUp(), env })).toMatchObject({ rows: 0 });
    const basic = `Basic ${Buffer.from("someone:secret").toString("base64")}`;
    expect(proxy.headers).toMatchObject([{ "proxy-authorization": basic }]);
    expect(arrived[0]).not.toHaveProperty("proxy-authorization");
  });

  test.each(["localhost", "localhost,example.com", "*"])("NO_PROXY=%s: it goes direct", async (names) => {
    const env = { ...trusted(), HTTPS_PROXY: proxyUrl, NO_PROXY: names };
    expect(await run({ ...keys, baseUrl: local(), env })).toMatchObject({ rows: 0 });
    expect(proxy.text()).toBe("");
    expect(arrived).toHaveLength(1);
  });

  test("NO_PROXY of other names: it goes through the proxy", async () => {
    const env = { ...trusted(), HTTPS_PROXY: proxyUrl, NO_PROXY: "example.com" };
    await run({ ...keys, baseUrl: madeUp(), env });
    expect(proxy.connects).toHaveLength(1);
  });

  test("NO_PROXY of a suffix: its names go direct, and this one does not resolve here", async () => {
    const env = { ...trusted(), HTTPS_PROXY: proxyUrl, NO_PROXY: ".datadog.invalid" };
    expect(await run({ ...keys, baseUrl: madeUp(), env })).toMatchObject({ code: "name-not-resolved" });
    expect(proxy.text()).toBe("");
  });

  describe("without NODE_EXTRA_CA_CERTS", () => {
    test.each([
      ["direct", () => local(), () => ({})],
      ["through the proxy", () => madeUp(), () => ({ HTTPS_PROXY: proxyUrl })],
    ])("%s: tls-failed, with that remedy, and no key is sent", async (_, baseUrl, env) => {
      const result = await run({ ...keys, baseUrl: baseUrl(), env: env() });
      expect(result.code).toBe("tls-failed");
      expect(result.message).toContain("NODE_EXTRA_CA_CERTS");
      expect(arrived).toEqual([]);
      expect(proxy.text()).not.toContain(keys.apiKey);
    });
  });

  test("with NODE_EXTRA_CA_CERTS alone: it is trusted, direct", async () => {
    expect(await run({ ...keys, baseUrl: local(), env: trusted() })).toMatchObject({ rows: 0 });
  });

  test("a certificate of another name is tls-failed, whoever signed it", async () => {
    const result = await run({ ...keys, baseUrl: `https://127.0.0.1:${port}`, env: trusted() });
    expect(result).toMatchObject({ code: "tls-failed", networkCode: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(arrived).toEqual([]);
  });

  test("a proxy that is not there is connection-failed; it does not go direct instead", async () => {
    const env = { ...trusted(), HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await run({ ...keys, baseUrl: local(), env })).toMatchObject({ code: "connection-failed" });
    expect(arrived).toEqual([]);
  });

  test("HTTP_PROXY does not catch https", async () => {
    const env = { ...trusted(), HTTP_PROXY: proxyUrl, http_proxy: proxyUrl };
    expect(await run({ ...keys, baseUrl: local(), env })).toMatchObject({ rows: 0 });
    expect(proxy.text()).toBe("");
  });

  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "%s does not catch http to loopback: keys in clear text stay on this machine",
    async (name) => {
      const result = await run({ ...keys, baseUrl: sandbox().url, env: { [name]: proxyUrl } });
      expect(proxy.text()).toBe("");
      expect(proxy.requests).toEqual([]);
      expect(sandbox().requests).toHaveLength(1);
      // Made-up keys: the sandbox itself has answered.
      expect(result.code).toBe("forbidden");
    },
  );
});
