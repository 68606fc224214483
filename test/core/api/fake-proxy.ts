import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach } from "vitest";

/** The response of a proxy to CONNECT, instead of a tunnel. */
export interface ProxyReply {
  status: number;
  body?: unknown;
}

/** A host name that cannot be resolved: every response comes from the proxy. */
export const SITE = "https://api.datadog.invalid";

/**
 * Starts proxies that respond to CONNECT themselves, as if they were the site. They stop at the end of each
 * test.
 */
export function useFakeProxies() {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** @param reply - by the position of the CONNECT, from 1 */
  return async function startProxy(reply: (number: number) => ProxyReply) {
    const received: string[] = [];
    let connects = 0;
    const server = createServer();
    server.on("connection", (socket: Socket) => {
      socket.on("data", (chunk: Buffer) => received.push(chunk.toString("latin1")));
      socket.on("error", () => undefined);
      closing.push(() => socket.destroy());
    });
    server.on("connect", (_, client: Socket) => {
      const { status, body } = reply(++connects);
      const text = body === undefined ? "" : JSON.stringify(body);
      const length = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(text)}\r\n`;
      client.end(`HTTP/1.1 ${status} Whatever\r\nContent-Type: application/json\r\n${length}\r\n${text}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => void server.close());
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      connects: () => connects,
      /** All bytes that clients sent. */
      text: () => received.join(""),
    };
  };
}
