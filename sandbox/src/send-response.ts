import { STATUS_CODES, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { WireConnectionList } from "datadog-org-connections-core/api/wire.js";
import type { SandboxResponse } from "./call.js";
import type { FaultAction } from "./fault.js";
import { readMonotonicClock, type OpenLogEntry } from "./request-log.js";

/** What is needed to send the response of one request. */
export interface Exchange {
  serverResponse: ServerResponse;
  entry: OpenLogEntry;
  /** Ends waits when the client disconnects, the sandbox closes or the fault is released. */
  signal: AbortSignal;
}

/** How long a `hang` lasts. Clients give up much sooner. */
const MAX_HANG_MS = 120_000;
const JSON_TYPE = "application/json";

/** A fault that replaces the real response. */
type ReplacingAction = Exclude<FaultAction, { kind: (typeof ALTERING_KINDS)[number] }>;

/** The kinds of faults that change the real response. */
const ALTERING_KINDS = ["truncate", "cut-off", "wrong-status", "drip", "delay", "short-page"] as const;

/** A fault that changes the real response. */
export type AlteringAction = Exclude<FaultAction, ReplacingAction>;

/** Whether a fault changes the real response instead of replacing it. */
export function isAltering(action: FaultAction): action is AlteringAction {
  return ALTERING_KINDS.some((kind) => kind === action.kind);
}

/** Sends a complete response. */
export function sendResponse(exchange: Exchange, { status, body, headers }: SandboxResponse): void {
  sendText(exchange, status, JSON.stringify(body), { "Content-Type": JSON_TYPE, ...headers });
}

/** Sends the response of a fault instead of the real one. */
export async function sendReplacement(exchange: Exchange, action: ReplacingAction): Promise<void> {
  const json = { "Content-Type": JSON_TYPE };
  switch (action.kind) {
    case "status": {
      const body = action.body ?? { errors: [STATUS_CODES[action.status] ?? "Error"] };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      sendText(exchange, action.status, text, { ...json, ...action.headers });
      break;
    }
    case "json":
      sendText(exchange, action.status ?? 200, JSON.stringify(action.body ?? null), json);
      break;
    case "html": {
      const status = action.status ?? 502;
      const title = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
      const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
      sendText(exchange, status, page, { "Content-Type": "text/html" });
      break;
    }
    case "redirect":
      sendText(exchange, action.status ?? 302, "", { Location: action.location });
      break;
    case "reset":
      exchange.serverResponse.socket?.resetAndDestroy();
      break;
    case "hang":
      await pause(exchange, MAX_HANG_MS);
      exchange.serverResponse.destroy();
      break;
    case "huge":
      await sendHuge(exchange, action.bytes);
  }
}

/** Sends the real response, changed by a fault. */
export async function sendAltered(
  exchange: Exchange,
  action: AlteringAction,
  response: SandboxResponse,
): Promise<void> {
  switch (action.kind) {
    // `performRequest` (api.ts) has waited already.
    case "delay":
      sendResponse(exchange, response);
      break;
    case "short-page":
      sendResponse(
        exchange,
        isList(response.body) ? dropRows(response, response.body, action.drop) : response,
      );
      break;
    case "cut-off": {
      const fullBody = JSON.stringify(response.body);
      const headers = { "Content-Type": JSON_TYPE, ...response.headers };
      sendText(exchange, response.status, fullBody.slice(0, fullBody.length >> 1), headers);
      break;
    }
    case "wrong-status":
      sendResponse(exchange, { ...response, status: action.status });
      break;
    case "truncate": {
      const fullBody = sendHead(exchange, response);
      exchange.serverResponse.write(fullBody.subarray(0, fullBody.length >> 1), () =>
        exchange.serverResponse.destroy(),
      );
      break;
    }
    case "drip":
      await sendSlowly(exchange, sendHead(exchange, response), action.bytesPerSecond);
  }
}

/** Waits `ms` milliseconds, or until the signal is aborted. */
export async function pause({ signal }: Pick<Exchange, "signal">, ms: number): Promise<void> {
  // Ignore the rejection: only an aborted signal causes one.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

function sendText(
  { serverResponse, entry }: Exchange,
  status: number,
  text: string,
  headers: Record<string, string>,
): void {
  entry.status = status;
  entry.endedAt = readMonotonicClock();
  serverResponse.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(text) }).end(text);
}

/** Sends the head of a response, with the length of the complete body, and returns the body. */
function sendHead({ serverResponse, entry }: Exchange, response: SandboxResponse): Buffer {
  const fullBody = Buffer.from(JSON.stringify(response.body));
  entry.status = response.status;
  serverResponse.writeHead(response.status, {
    "Content-Type": JSON_TYPE,
    ...response.headers,
    "Content-Length": fullBody.length,
  });
  return fullBody;
}

async function sendSlowly(exchange: Exchange, fullBody: Buffer, bytesPerSecond: number): Promise<void> {
  // At most 20 writes per second, because timers are less precise under load.
  const size = Math.ceil(bytesPerSecond / 20);
  for (let sent = 0; sent < fullBody.length; sent += size) {
    if (exchange.signal.aborted) return;
    exchange.serverResponse.write(fullBody.subarray(sent, sent + size));
    await pause(exchange, (size / bytesPerSecond) * 1000);
  }
  exchange.serverResponse.end();
}

async function sendHuge({ serverResponse, entry }: Exchange, bytes: number): Promise<void> {
  entry.status = 200;
  // Without Content-Length, so the client has to count the bytes.
  serverResponse.writeHead(200, { "Content-Type": JSON_TYPE });
  // Ignore the error: the client normally disconnects before the end.
  await pipeline(Readable.from(generateHugeJson(bytes), { objectMode: false }), serverResponse).catch(
    () => undefined,
  );
}

function* generateHugeJson(bytes: number): Generator<Buffer> {
  const head = '{"data":[],"padding":"';
  const tail = '"}';
  yield Buffer.from(head);
  const chunk = Buffer.alloc(64 * 1024, "x");
  for (let left = bytes - head.length - tail.length; left > 0; left -= chunk.length) {
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
  }
  yield Buffer.from(tail);
}

function isList(body: SandboxResponse["body"]): body is WireConnectionList {
  return "data" in body && Array.isArray(body.data);
}

function dropRows(response: SandboxResponse, list: WireConnectionList, drop: number): SandboxResponse {
  return { ...response, body: { ...list, data: list.data.slice(0, Math.max(0, list.data.length - drop)) } };
}

/** Sends a response of the sandbox itself, which no fault changes. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
