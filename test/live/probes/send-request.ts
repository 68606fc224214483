import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { buildAuthHeaders } from "../../../core/src/api/authentication.js";
import type { Credentials } from "../../../core/src/credentials/resolve.js";
import { obtainProof } from "../../../core/src/identity/obtain-proof.js";
import { REFUSED_HEADER } from "../gateway/gateway.js";
import { LiveError } from "../inputs.js";
import { type Observation, parseJson, readPath } from "./read-response.js";

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
      json: parseJson(text),
    };
  } catch {
    // A broken response is not a failure of the run: the assumption is not seen.
    return undefined;
  }
}

function readRefusal({ json }: Observation): string {
  const { errors } = (json ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? errors.map(String).join("; ") : "a request was refused";
}

/** Returns the headers that authenticate a request. Empty if an identity could not be exchanged. */
export type Authenticate = () => Promise<Record<string, string>>;

const PROOF_TIMEOUT_MS = 30_000;

/**
 * Creates the headers of an organization. The token of an identity is exchanged once.
 *
 * @param onExchange - receives the response to the exchange
 */
export function createAuthenticate(
  credentials: Credentials,
  sendRequest: SendRequest,
  onExchange: (observation: Observation | undefined) => void = () => undefined,
): Authenticate {
  const { authentication } = credentials;
  if (authentication.kind !== "identity")
    return () => Promise.resolve(buildAuthHeaders(withHeaders(authentication)));
  let token: Promise<string | undefined> | undefined;
  const exchange = async () => {
    const proof = await obtainProof(authentication.identity, authentication.organizationId, {
      env: credentials.env,
      suffix: credentials.suffix,
      label: credentials.label,
      timeoutMs: PROOF_TIMEOUT_MS,
    });
    const observation = await sendExchange(proof, sendRequest);
    onExchange(observation);
    const value = readPath(observation?.json, "data", "attributes", "access_token");
    return typeof value === "string" ? value : undefined;
  };
  return async () => {
    const value = await (token ??= exchange());
    return value === undefined ? {} : buildAuthHeaders({ kind: "token", token: value });
  };
}

/** Exchanges a proof, as Datadog's own clients do. */
export function sendExchange(proof: string, sendRequest: SendRequest): Promise<Observation | undefined> {
  return sendRequest({
    method: "POST",
    path: "/api/v2/delegated-token",
    headers: { ...buildAuthHeaders({ kind: "proof", proof }), "Content-Type": "application/json" },
  });
}

/** Creates a key or a token that does not exist. */
export const createUnknownSecret = (bytes: number): string => randomBytes(bytes).toString("hex");

/** Keys in headers, whatever the settings say. */
const withHeaders = (authentication: Parameters<typeof buildAuthHeaders>[0]) =>
  authentication.kind === "keys" ? { ...authentication, keyLocation: "headers" as const } : authentication;
