import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasOpenssl, makeCertificate, type LocalCertificate } from "../../../core/api/local-ca.js";
import { listen, useDoctor } from "./doctor.js";

const { doctor, env } = useDoctor();

describe("a host that is not Datadog's", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const at = async (answer: Parameters<typeof createServer>[1]) => {
    const server = createServer(answer);
    servers.push(server);
    return { ...env("payments"), DD_HOST__PAYMENTS: `http://${await listen(server)}` };
  };

  test("nobody listens", async () => {
    const { problems } = await doctor({ ...env("payments"), DD_HOST__PAYMENTS: "http://127.0.0.1:1" });
    expect(problems).toMatchObject([
      { check: "host", cause: "host-unreachable", found: expect.stringContaining("ECONNREFUSED") as string },
    ]);
  });

  test("a site that is misspelt does not resolve", async () => {
    const { DD_API_KEY__PAYMENTS, DD_APP_KEY__PAYMENTS } = env("payments");
    const keys = { DD_API_KEY__PAYMENTS, DD_APP_KEY__PAYMENTS } as Record<string, string>;
    const { problems } = await doctor({ ...keys, DD_SITE__PAYMENTS: "datadog.invalid" });
    expect(problems).toMatchObject([{ check: "host", cause: "name-not-resolved" }]);
  });

  test("a login page, with status 200 or by a redirect; it is sent no application key", async () => {
    const arrived: IncomingHttpHeaders[] = [];
    const page = await at((request, response) => {
      arrived.push(request.headers);
      response.writeHead(200, { "Content-Type": "text/html" }).end("<html>log in</html>");
    });
    expect((await doctor(page)).problems).toMatchObject([
      { check: "host", cause: "not-datadog", found: expect.stringContaining("text/html") as string },
    ]);
    expect(arrived).toHaveLength(1);
    expect(arrived[0]).not.toHaveProperty("dd-application-key");
    const redirect = await at((_, response) =>
      response.writeHead(302, { Location: "https://login.example.com/?x=1" }).end("{}"),
    );
    const { problems } = await doctor(redirect);
    expect(problems).toMatchObject([
      { cause: "not-datadog", found: expect.stringContaining("leads to login.example.com") as string },
    ]);
    expect(problems[0]?.found).not.toContain("x=1");
  });
});

describe("a proxy in the way", () => {
  const MADE_UP = "https://api.datadog.invalid";
  const keys = { DD_API_KEY__X: "canary-api-key", DD_APP_KEY__X: "canary-app-key", DD_HOST__X: MADE_UP };
  const closing: (() => void)[] = [];
  afterEach(() => {
    delete process.env["HTTPS_PROXY"];
    for (const close of closing.splice(0)) close();
  });

  /** A proxy that answers CONNECT as told; returns its address and all that it was sent. */
  async function proxy(
    onConnect: (client: Socket) => void,
  ): Promise<{ address: string; seen: () => string }> {
    const seen: string[] = [];
    const server = createServer();
    server.on("connection", (socket: Socket) => {
      socket.on("data", (chunk: Buffer) => seen.push(chunk.toString("latin1")));
      socket.on("error", () => undefined);
      closing.push(() => socket.destroy());
    });
    server.on("connect", (_, client: Socket) => onConnect(client));
    closing.push(() => server.close());
    return { address: await listen(server), seen: () => seen.join("") };
  }

  test("one that is not there", async () => {
    process.env["HTTPS_PROXY"] = "http://user:secret@127.0.0.1:1";
    const { problems } = await doctor(keys);
    expect(problems).toMatchObject([
      { check: "host", cause: "proxy", next: expect.stringContaining("HTTPS_PROXY") as string },
    ]);
    expect(problems[0]?.found).toContain("http://127.0.0.1:1");
    expect(JSON.stringify(problems)).not.toContain("secret");
  });

  test("one that wants a password", async () => {
    const { address } = await proxy((client) =>
      client.end(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
      ),
    );
    process.env["HTTPS_PROXY"] = `http://${address}`;
    expect((await doctor(keys)).problems).toMatchObject([
      { cause: "proxy", next: expect.stringContaining("http://user:password@host:port") as string },
    ]);
  });

  test("one that forbids the host", async () => {
    const { address, seen } = await proxy((client) =>
      client.end("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"),
    );
    process.env["HTTPS_PROXY"] = `http://${address}`;
    expect((await doctor(keys)).problems).toMatchObject([{ check: "host", cause: "proxy" }]);
    expect(seen()).not.toContain("canary");
  });

  test("one that cuts the line", async () => {
    const { address } = await proxy((client) => client.resetAndDestroy());
    process.env["HTTPS_PROXY"] = `http://${address}`;
    expect((await doctor(keys)).problems).toMatchObject([
      { check: "host", cause: "proxy", next: expect.stringContaining("api.datadog.invalid") as string },
    ]);
  });

  describe.skipIf(!hasOpenssl)("that signs for itself (openssl makes the certificate)", () => {
    let certificate: LocalCertificate;
    beforeAll(() => void (certificate = makeCertificate("localhost", "api.datadog.invalid")));
    afterAll(() => certificate.dispose());

    test("is named, with the remedy, and is sent no key", async () => {
      const arrived: string[] = [];
      const tls = createTlsServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
        arrived.push(request.url ?? "");
        response.end("{}");
      });
      closing.push(() => tls.close());
      const port = Number((await listen(tls)).split(":")[1]);
      const { address } = await proxy((client) => {
        const target = connect(port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
          target.pipe(client);
          client.pipe(target);
        });
        target.on("error", () => undefined);
      });
      process.env["HTTPS_PROXY"] = `http://${address}`;
      expect((await doctor(keys)).problems).toMatchObject([
        { cause: "proxy", next: expect.stringContaining("NODE_EXTRA_CA_CERTS") as string },
      ]);
      expect(arrived).toEqual([]);
    });
  });
});
