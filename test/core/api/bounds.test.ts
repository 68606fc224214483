import { createServer, type Server } from "node:http";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { listAll } from "../../../core/src/api/paging.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { useSandbox } from "../../sandbox/harness.js";
import { useChild } from "./child.js";
import { clientFor, failureOf, optionsFor, useRecorder } from "./harness.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const run = useChild();
const MIB = 1024 * 1024;
/** Room for the client and one answer of 16 MiB, not for one of 100. */
const nodeFlags = ["--max-old-space-size=64"];
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server of this body, which may be too large to be kept. */
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

describe("memory is bounded", () => {
  test("against an answer of 100 MB that tells no length: the process of 64 MB lives", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "huge", bytes: 100 * MIB } });
    const result = await run({ ...optionsFor(sandbox()), nodeFlags });
    expect(result).toMatchObject({ code: "answer-too-large" });
    sandbox().clearFaults();
    const usual = await run({ ...optionsFor(sandbox()), nodeFlags });
    expect(usual.rows).toBe(0);
    expect((result.peak ?? Infinity) - (usual.peak ?? 0)).toBeLessThan(90);
  });

  test("against an answer that tells its 100 MB", async () => {
    const baseUrl = await serve({ "Content-Length": String(100 * MIB) }, Buffer.alloc(MIB, "x"), 100);
    expect(await run({ ...optionsFor(sandbox()), baseUrl, nodeFlags })).toMatchObject({
      code: "answer-too-large",
    });
  });

  test("against 100 MB that were packed into 100 kB", async () => {
    const packed = gzipSync(Buffer.alloc(100 * MIB, "x"));
    expect(packed.length).toBeLessThan(MIB);
    const baseUrl = await serve({ "Content-Encoding": "gzip" }, packed);
    expect(await run({ ...optionsFor(sandbox()), baseUrl, nodeFlags })).toMatchObject({
      code: "answer-too-large",
    });
  });

  test("against JSON nested a million times", async () => {
    const depth = MIB;
    recorder.reply(() => ({ body: `{"data":${"[".repeat(depth)}${"]".repeat(depth)}}` }));
    const client = new OrgConnectionsClient(recorder.options());
    expect((await failureOf(client.list())).code).toBe("unexpected-answer");
  });

  test("against a failure whose text is a megabyte: the message stays short", async () => {
    recorder.answer({ errors: Array.from({ length: 1000 }, () => "x".repeat(1000)) }, 400);
    const { message } = await failureOf(new OrgConnectionsClient(recorder.options()).list());
    expect(message.length).toBeLessThan(2000);
  });

  test("against headers without end", async () => {
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
    const error = await failureOf(clientFor(sandbox(), "payments", { baseUrl, retry: { tries: 1 } }).list());
    server.close();
    expect(error).toMatchObject({ code: "connection-failed", facts: { networkCode: "HPE_HEADER_OVERFLOW" } });
  });
});

describe("time is bounded", () => {
  test("against a drip that never pauses: a try ends at its deadline all the same", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "drip", bytesPerSecond: 40 } });
    const client = clientFor(sandbox(), "payments", { tryTimeoutMs: 300, retry: { tries: 1 } });
    expect((await failureOf(client.list())).code).toBe("timed-out");
  });

  test("against an answer of any size that comes slowly", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "drip", bytesPerSecond: 200 } });
    const client = clientFor(sandbox(), "payments", { tryTimeoutMs: 300, retry: { tries: 2 } });
    expect((await failureOf(client.list())).message).toContain("after 2 tries");
    expect(sandbox().requests).toHaveLength(2);
  });
});

test.each([false, true])(
  "a row that comes twice ends the reading, without totals too (proof: %s)",
  async (proof) => {
    const row = { id: "a", createdAt: "2025-08-26T20:19:36.177236+00:00", connectionTypes: ["logs"] };
    let asked = 0;
    const fetchPage = () => {
      asked++;
      return Promise.resolve({ connections: [row, row] });
    };
    expect(await listAll(fetchPage, { proof })).toBeUndefined();
    expect(asked).toBe(4);
  },
);

test("the date of a listing is that of its first page: what was made while it was read is not older", async () => {
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

test("an error of this package has no stack: where it was thrown says nothing to its reader", () => {
  const error = new OrgConnectionsError("timed-out", "Too late.");
  expect(error.stack).toBe("Too late. [timed-out]");
});
