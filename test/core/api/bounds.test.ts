import { createServer, type Server } from "node:http";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { listAll } from "../../../core/src/api/paging.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { useSandbox } from "../../sandbox/harness.js";
import { useChild } from "./child.js";
import { createClient, catchError, createClientOptions, useRecorder } from "./harness.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const run = useChild();
const MIB = 1024 * 1024;
/** Enough memory for the client and a response of 16 MiB, but not for one of 100 MiB. */
const nodeFlags = ["--max-old-space-size=64"];
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Starts a server that sends a body several times, so that it does not have to be in memory. */
async function serve(headers: Record<string, string>, body: Buffer, times = 1): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json", ...headers });
    for (let sent = 0; sent < times; sent++) response.write(body);
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("memory use is limited", () => {
  test("for a response of 100 MB without a length: a process with 64 MB survives", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "huge", bytes: 100 * MIB } });
    const result = await run({ ...createClientOptions(sandbox()), nodeFlags });
    expect(result).toMatchObject({ code: "response-too-large" });
    sandbox().clearFaults();
    const usual = await run({ ...createClientOptions(sandbox()), nodeFlags });
    expect(usual.rows).toBe(0);
    expect((result.peak ?? Infinity) - (usual.peak ?? 0)).toBeLessThan(90);
  });

  test("for a response with a length of 100 MB", async () => {
    const baseUrl = await serve({ "Content-Length": String(100 * MIB) }, Buffer.alloc(MIB, "x"), 100);
    expect(await run({ ...createClientOptions(sandbox()), baseUrl, nodeFlags })).toMatchObject({
      code: "response-too-large",
    });
  });

  test("for 100 MB that are compressed to 100 kB", async () => {
    const packed = gzipSync(Buffer.alloc(100 * MIB, "x"));
    expect(packed.length).toBeLessThan(MIB);
    const baseUrl = await serve({ "Content-Encoding": "gzip" }, packed);
    expect(await run({ ...createClientOptions(sandbox()), baseUrl, nodeFlags })).toMatchObject({
      code: "response-too-large",
    });
  });

  test("for JSON that is nested a million times", async () => {
    const depth = MIB;
    recorder.reply(() => ({ body: `{"data":${"[".repeat(depth)}${"]".repeat(depth)}}` }));
    const client = new OrgConnectionsClient(recorder.options());
    expect((await catchError(client.list())).code).toBe("unexpected-response");
  });

  test("for an error response of one megabyte: the message stays short", async () => {
    recorder.respond({ errors: Array.from({ length: 1000 }, () => "x".repeat(1000)) }, 400);
    const { message } = await catchError(new OrgConnectionsClient(recorder.options()).list());
    expect(message.length).toBeLessThan(2000);
  });

  test("for endless headers", async () => {
    const server = createNetServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n");
        for (let sent = 0; sent < 1000; sent++) socket.write(`X-${sent}: ${"x".repeat(1000)}\r\n`);
        socket.end("\r\n");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await catchError(
      createClient(sandbox(), "payments", { baseUrl, retry: { maxAttempts: 1 } }).list(),
    );
    server.close();
    expect(error).toMatchObject({ code: "connection-failed", facts: { networkCode: "HPE_HEADER_OVERFLOW" } });
  });
});

test.each([false, true])(
  "a duplicate row makes the listing incomplete, without totals too (proof: %s)",
  async (provesAbsence) => {
    const row = { id: "a", createdAt: "2025-08-26T20:19:36.177236+00:00", connectionTypes: ["logs"] };
    let requestCount = 0;
    const fetchPage = () => {
      requestCount++;
      return Promise.resolve({ connections: [row, row] });
    };
    expect(await listAll(fetchPage, { provesAbsence })).toBeUndefined();
    expect(requestCount).toBe(4);
  },
);

test("the date of a listing is that of its first page: a connection that was created during the read is not older", async () => {
  const row = (id: string) => ({
    id,
    attributes: { created_at: "2025-08-26T20:19:36.177236+00:00", connection_types: ["logs"] },
  });
  const date = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toUTCString();
  recorder.reply((_, number) => ({
    headers: { Date: date(number) },
    body: JSON.stringify({ data: [row(String(number))], meta: { page: { total_count: 2 } } }),
  }));
  const listing = await new OrgConnectionsClient(recorder.options()).list();
  expect(recorder.arrived).toHaveLength(2);
  expect(listing.date).toBe(Date.UTC(2026, 2, 1, 12, 0, 1));
});

test("an error of this package has no stack, because the stack does not help its reader", () => {
  const error = new OrgConnectionsError("timed-out", "Too late.");
  expect(error.stack).toBe("Too late. [timed-out]");
});
