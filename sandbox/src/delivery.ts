import { STATUS_CODES, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { WireConnectionList } from "datadog-org-connections-core/api/wire.js";
import type { Answer } from "./answer.js";
import type { FaultAction } from "./fault.js";
import { steadyNow, type OpenEntry } from "./request-log.js";

/** One request's way back. */
export interface Exchange {
  response: ServerResponse;
  entry: OpenEntry;
  /** Ends waits when the client has gone or the sandbox closes. */
  gone: AbortSignal;
}

/** An answer that has not arrived after this long never will: clients give up far sooner. */
const LONGEST_HANG_MS = 120_000;
const JSON_TYPE = "application/json";

/** A fault that says itself what is sent; the others need the true answer. */
export type SelfContained = Exclude<FaultAction, { kind: (typeof ALTERING)[number] }>;

/** Faults that change the true answer. */
const ALTERING = ["truncate", "cut-off", "wrong-status", "drip", "delay", "short-page"] as const;

/** A fault that changes the true answer. */
export type Altering = Exclude<FaultAction, SelfContained>;

/** Whether a fault changes the true answer instead of replacing it. */
export function needsAnswer(action: FaultAction): action is Altering {
  return ALTERING.some((kind) => kind === action.kind);
}

/** Sends an answer whole. */
export function sendAnswer(exchange: Exchange, { status, body, headers }: Answer): void {
  sendText(exchange, status, JSON.stringify(body), { "Content-Type": JSON_TYPE, ...headers });
}

/** Sends what a fault says instead of an answer. */
export async function sendInstead(exchange: Exchange, action: SelfContained): Promise<void> {
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
      exchange.response.socket?.resetAndDestroy();
      break;
    case "hang":
      await pause(exchange, LONGEST_HANG_MS);
      exchange.response.destroy();
      break;
    case "huge":
      await sendHuge(exchange, action.bytes);
  }
}

/** Sends an answer the way a fault wants it. */
export async function sendAltered(exchange: Exchange, action: Altering, answer: Answer): Promise<void> {
  switch (action.kind) {
    // Its wait is over by now: whether it came before or after the work is not decided here.
    case "delay":
      sendAnswer(exchange, answer);
      break;
    case "short-page":
      sendAnswer(exchange, isList(answer.body) ? shorten(answer, answer.body, action.drop) : answer);
      break;
    case "cut-off": {
      const whole = JSON.stringify(answer.body);
      const headers = { "Content-Type": JSON_TYPE, ...answer.headers };
      sendText(exchange, answer.status, whole.slice(0, whole.length >> 1), headers);
      break;
    }
    case "wrong-status":
      sendAnswer(exchange, { ...answer, status: action.status });
      break;
    case "truncate": {
      const whole = begin(exchange, answer);
      exchange.response.write(whole.subarray(0, whole.length >> 1), () => exchange.response.destroy());
      break;
    }
    case "drip":
      await drip(exchange, begin(exchange, answer), action.bytesPerSecond);
  }
}

/** Waits, but no longer than somebody is there to wait for. */
export async function pause({ gone }: Pick<Exchange, "gone">, ms: number): Promise<void> {
  // The only rejection there is: the signal's.
  await sleep(ms, undefined, { signal: gone, ref: false }).catch(() => undefined);
}

function sendText(
  { response, entry }: Exchange,
  status: number,
  text: string,
  headers: Record<string, string>,
): void {
  entry.status = status;
  entry.endedAt = steadyNow();
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(text) }).end(text);
}

/** Sends the head of an answer, with the length of its whole body, and returns that body. */
function begin({ response, entry }: Exchange, answer: Answer): Buffer {
  const whole = Buffer.from(JSON.stringify(answer.body));
  entry.status = answer.status;
  response.writeHead(answer.status, {
    "Content-Type": JSON_TYPE,
    ...answer.headers,
    "Content-Length": whole.length,
  });
  return whole;
}

async function drip(exchange: Exchange, whole: Buffer, bytesPerSecond: number): Promise<void> {
  // Twenty writes a second at most: a timer is no finer than that under load.
  const size = Math.ceil(bytesPerSecond / 20);
  for (let sent = 0; sent < whole.length; sent += size) {
    if (exchange.gone.aborted) return;
    exchange.response.write(whole.subarray(sent, sent + size));
    await pause(exchange, (size / bytesPerSecond) * 1000);
  }
  exchange.response.end();
}

async function sendHuge({ response, entry }: Exchange, bytes: number): Promise<void> {
  entry.status = 200;
  // No Content-Length: the client has to count for itself.
  response.writeHead(200, { "Content-Type": JSON_TYPE });
  // A client that goes away ends the stream, which is the normal end of this one.
  await pipeline(Readable.from(hugeJson(bytes), { objectMode: false }), response).catch(() => undefined);
}

function* hugeJson(bytes: number): Generator<Buffer> {
  const head = '{"data":[],"padding":"';
  const tail = '"}';
  yield Buffer.from(head);
  const chunk = Buffer.alloc(64 * 1024, "x");
  for (let left = bytes - head.length - tail.length; left > 0; left -= chunk.length) {
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
  }
  yield Buffer.from(tail);
}

function isList(body: Answer["body"]): body is WireConnectionList {
  return "data" in body && Array.isArray(body.data);
}

function shorten(answer: Answer, list: WireConnectionList, drop: number): Answer {
  return { ...answer, body: { ...list, data: list.data.slice(0, Math.max(0, list.data.length - drop)) } };
}
