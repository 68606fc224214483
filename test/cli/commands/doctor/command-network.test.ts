import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hasOpenssl, createCertificate, type LocalCertificate } from "../../../core/api/local-ca.js";
import { containing, listen, useDoctor } from "./use-doctor.js";

const { runDoctor, getEnv } = useDoctor();
const TOO_LARGE = "x".repeat(16 * 1024 * 1024 + 1);

describe("a host that is not from Datadog", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const startServer = async (response: Parameters<typeof createServer>[1]) => {
    const server = createServer(response);
    servers.push(server);
    return { ...getEnv("payments"), DD_HOST__PAYMENTS: `http://${await listen(server)}` };
  };

  test("no server listens", async () => {
    const { problems } = await runDoctor({
      ...getEnv("payments"),
      DD_HOST__PAYMENTS: "http://127.0.0.1:1",
    });
    expect(problems).toMatchObject([
      {
        check: "host",
        cause: "host-unreachable",
        code: "connection-failed",
        found: containing("ECONNREFUSED"),
        next: containing("set HTTPS_PROXY"),
      },
    ]);
  });

  test("a misspelled site does not resolve", async () => {
    const { DD_API_KEY__PAYMENTS, DD_APP_KEY__PAYMENTS } = getEnv("payments");
    const keys = { DD_API_KEY__PAYMENTS, DD_APP_KEY__PAYMENTS } as Record<string, string>;
    const { problems } = await runDoctor({ ...keys, DD_SITE__PAYMENTS: "datadog.invalid" });
    expect(problems).toMatchObject([{ check: "host", cause: "name-not-resolved" }]);
  });

  test("a server that speaks plain HTTP has no certificate that could be trusted", async () => {
    const server = await startServer((_, response) => response.end("{}"));
    const tls = { ...server, DD_HOST__PAYMENTS: server.DD_HOST__PAYMENTS.replace("http:", "https:") };
    expect((await runDoctor(tls)).problems).toMatchObject([
      { check: "host", cause: "tls", found: containing("does not use TLS") },
    ]);
  });

  test("a response that is too large is not a missing response", async () => {
    const server = await startServer((_, response) => response.end(TOO_LARGE));
    expect((await runDoctor(server)).problems).toMatchObject([
      { check: "host", cause: "not-datadog", code: "response-too-large" },
    ]);
  });

  test("a login page, with status 200 or by redirect, gets no application key", async () => {
    const arrived: IncomingHttpHeaders[] = [];
    const page = await startServer((request, response) => {
      arrived.push(request.headers);
      response.writeHead(200, { "Content-Type": "text/html" }).end("<html>log in</html>");
    });
    expect((await runDoctor(page)).problems).toMatchObject([
      { check: "host", cause: "not-datadog", code: "unexpected-response", found: containing("text/html") },
    ]);
    expect(arrived).toHaveLength(1);
    expect(arrived[0]).not.toHaveProperty("dd-application-key");
    const redirect = await startServer((_, response) =>
      response.writeHead(302, { Location: "https://login.example.com/?x=1" }).end("{}"),
    );
    const { problems } = await runDoctor(redirect);
    expect(problems).toMatchObject([
      { cause: "not-datadog", code: "redirected", found: containing("login.example.com") },
    ]);
    expect(problems[0]?.found).not.toContain("x=1");
  });
});

describe("a proxy that blocks", () => {
  const MADE_UP = "https://api.datadog.invalid";
  const keys = { DD_API_KEY__X: "canary-api-key", DD_APP_KEY__X: "canary-app-key", DD_HOST__X: MADE_UP };
  const closing: (() => void)[] = [];
  afterEach(() => {
    vi.unstubAllEnvs();
    delete process.env["HTTPS_PROXY"];
    for (const close of closing.splice(0)) close();
  });

  /** Starts a proxy that handles CONNECT with `onConnect`. Returns its address and the data that it received. */
  async function startProxy(
    onConnect: (client: Socket) => void,
  ): Promise<{ address: string; getReceived: () => string }> {
    const received: string[] = [];
    const server = createServer();
    server.on("connection", (socket: Socket) => {
      socket.on("data", (chunk: Buffer) => received.push(chunk.toString("latin1")));
      socket.on("error", () => undefined);
      closing.push(() => socket.destroy());
    });
    server.on("connect", (_, client: Socket) => onConnect(client));
    closing.push(() => server.close());
    return { address: await listen(server), getReceived: () => received.join("") };
  }

  const PASSWORD_REQUIRED = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
  test.each(["HTTPS_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"])(
    "one in %s, which the problem names: it accepts no connection, is not a URL, or requires a password",
    async (name) => {
      const findProblem = async (url: string) => {
        vi.stubEnv(name, url);
        const { problems } = await runDoctor(keys);
        expect(problems).toMatchObject([{ check: "host", cause: "proxy" }]);
        expect(JSON.stringify(problems)).not.toContain("secret");
        return problems[0];
      };
      const unreachable = await findProblem("http://user:secret@127.0.0.1:1");
      expect(unreachable?.found).toContain(`the proxy http://127.0.0.1:1 from ${name}, which accepts no`);
      expect(unreachable?.next).toContain(`Correct ${name},`);
      const invalid = await findProblem("http://secret[");
      expect(invalid?.found).toBe(`The value of ${name} is not a URL.`);
      expect(invalid?.next).toContain(`Set ${name} to a URL`);
      const { address } = await startProxy((client) => client.end(PASSWORD_REQUIRED));
      const refusing = await findProblem(`http://${address}`);
      expect(refusing?.next).toContain(`The URL in ${name} has the form http://user:password@host:port`);
    },
  );

  test("one that forbids the host", async () => {
    const { address, getReceived } = await startProxy((client) =>
      client.end("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"),
    );
    process.env["HTTPS_PROXY"] = `http://${address}`;
    expect((await runDoctor(keys)).problems).toMatchObject([{ check: "host", cause: "proxy" }]);
    expect(getReceived()).not.toContain("canary");
  });

  test("one that resets the connection", async () => {
    const { address } = await startProxy((client) => client.resetAndDestroy());
    process.env["HTTPS_PROXY"] = `http://${address}`;
    expect((await runDoctor(keys)).problems).toMatchObject([
      { check: "host", cause: "proxy", next: containing("api.datadog.invalid") },
    ]);
  });

  describe.skipIf(!hasOpenssl)("with its own certificate (created with openssl)", () => {
    let certificate: LocalCertificate;
    beforeAll(() => void (certificate = createCertificate("localhost", "api.datadog.invalid")));
    afterAll(() => certificate.dispose());

    test("is reported, with the next step, and gets no key", async () => {
      const arrived: string[] = [];
      const tls = createTlsServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
        arrived.push(request.url ?? "");
        response.end("{}");
      });
      closing.push(() => tls.close());
      const port = Number((await listen(tls)).split(":")[1]);
      const { address } = await startProxy((client) => {
        const target = connect(port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
          target.pipe(client);
          client.pipe(target);
        });
        target.on("error", () => undefined);
      });
      process.env["HTTPS_PROXY"] = `http://${address}`;
      expect((await runDoctor(keys)).problems).toMatchObject([
        { cause: "proxy", next: containing("NODE_EXTRA_CA_CERTS") },
      ]);
      expect(arrived).toEqual([]);
    });
  });
});
