import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach } from "vitest";

/** What a proxy says to CONNECT instead of making a tunnel. */
export interface ProxyReply {
  status: number;
  body?: unknown;
}

/** A name that does not resolve: whatever answers is the proxy. */
export const SITE = "https://api.datadog.invalid";

/** Proxies that answer CONNECT themselves, as if they were the site; each ends with its test. */
export function useLyingProxies() {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** @param reply - by the number of the CONNECT, from 1 */
  return async function start(reply: (number: number) => ProxyReply) {
    const seen: string[] = [];
    let connects = 0;
    const server = createServer();
    server.on("connection", (socket: Socket) => {
      socket.on("data", (chunk: Buffer) => seen.push(chunk.toString("latin1")));
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
      /** Every byte that clients sent to it. */
      text: () => seen.join(""),
    };
  };
}
