import { setTimeout as sleep } from "node:timers/promises";
import { LiveError } from "../live-error.js";
import { REFUSED_HEADER } from "../gateway/start-gateway.js";

/** A response as it is, whatever its shape. */
export interface Observation {
  status: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The parsed body, or `undefined` if it is not JSON. */
  json: unknown;
}

/** A request of a probe. */
export interface ProbeRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Sends one request. Resolves to `undefined` without a complete response. */
export type SendRequest = (request: ProbeRequest) => Promise<Observation | undefined>;

const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 5;
/** A rate limit window may be an hour long, and a reset may be a time of day. A run does not wait that long. */
const MAX_WAIT_MS = 20_000;

/** Creates the function that sends the requests of probes through the gateway. It throws once the run is over. */
export function createSendRequest(gatewayUrl: string, signal: AbortSignal): SendRequest {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw new LiveError("The run was interrupted.");
      const observation = await sendOnce(gatewayUrl, request, signal);
      if (observation?.headers[REFUSED_HEADER] !== undefined)
        throw new LiveError(`The gateway ended the run: ${readRefusal(observation)}`);
      if (observation?.status !== 429 || attempt === MAX_ATTEMPTS) return observation;
      const seconds = Number(observation.headers["x-ratelimit-reset"] ?? "1");
      await sleep(Math.min(MAX_WAIT_MS, Number.isFinite(seconds) ? seconds * 1000 : 1000));
    }
  };
}

async function sendOnce(
  gatewayUrl: string,
  { method, path, query, body, headers }: ProbeRequest,
  signal: AbortSignal,
): Promise<Observation | undefined> {
  const parameters = query ? `?${new URLSearchParams(query).toString()}` : "";
  try {
    const response = await fetch(`${gatewayUrl}${path}${parameters}`, {
      method,
      headers: {
        Accept: "application/json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      json: parse(text),
    };
  } catch {
    // A broken response is not a failure of the run: the assumption is not seen.
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readRefusal({ json }: Observation): string {
  const { errors } = (json ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? errors.map(String).join("; ") : "a request was refused";
}
