import { listProofSecrets } from "datadog-org-connections-core/api/access-tokens.js";
import {
  listSecrets,
  type KeyPair,
  type StoredAuthentication,
} from "datadog-org-connections-core/api/authentication.js";
import type { ApiResponse, Request, Sender, SenderOptions } from "datadog-org-connections-core/api/http.js";
import { NoResponseError, TOO_LARGE } from "datadog-org-connections-core/api/network.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { createRedactor } from "datadog-org-connections-core/text/escape-text.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";

/** The timeout of one request, in milliseconds. */
export const PROBE_TIMEOUT_MS = 15_000;

/** A request whose response was not received, or not read. */
interface FailedRequest {
  response?: never;
  /** The code in `NoResponseError.cause`. */
  cause: string;
  /** The status with which a proxy refused the network connection. */
  proxyStatus?: number;
  /** Whether there was a response that was too large to be read. */
  isTooLarge?: true;
}

/** The result of one request. */
export type ProbeResult = { response: ApiResponse; cause?: never } | FailedRequest;

/** Times by this machine's clock, in milliseconds since 1970. */
export interface ProbeTiming {
  sent: number;
  /** When the response was received or, without a response, when the request failed. */
  received: number;
}

/**
 * The results of the requests for one organization, in this order. If the first request gets no response from Datadog's API, the
 * other requests are not sent.
 */
export interface Probe {
  /**
   * The first request. With keys, it is `GET /api/v1/validate` with only the API key. With a token, or a token as the application
   * key, it is the request for `list`.
   */
  first: ProbeResult;
  /** The timing of the first request. */
  timing: ProbeTiming;
  /** `GET /api/v2/validate_keys`. Only with keys. */
  bothKeys?: ProbeResult;
  /** `GET /api/v2/org_connections`, the first page. */
  list?: ProbeResult;
  /** `GET /api/v2/org`. */
  organizations?: ProbeResult;
  /** `GET /api/v2/application_keys` with owners, the first page. Only with keys. */
  applicationKeys?: ProbeResult;
}

/** The page size of the list of application keys. Only the first page is requested. */
export const APPLICATION_KEY_LIMIT = 100;

const LIST_CONNECTIONS: Request = { route: "listConnections", query: { limit: PAGE_LIMIT, offset: 0 } };

/**
 * Probes one organization with its access token, which may be set as the application key. Sends at most two GET requests, each
 * once, and nothing else.
 */
export async function probeToken(access: {
  baseUrl: string;
  authentication: StoredAuthentication;
}): Promise<Probe> {
  const send = await createRedactingSender(access, listSecrets(access.authentication));
  const sent = Date.now();
  const list = await sendProbe(send, LIST_CONNECTIONS);
  const probe: Probe = { first: list, timing: { sent, received: Date.now() } };
  if (!list.response || !canBeFromDatadog(list.response)) return probe;
  return { ...probe, list, organizations: await sendProbe(send, { route: "listOrganizations" }) };
}

/** Probes one organization with its keys. Sends at most five GET requests, each once, and nothing else. */
export async function probeKeys(access: { baseUrl: string; authentication: KeyPair }): Promise<Probe> {
  const { createSender } = await import("datadog-org-connections-core/api/http.js");
  const { baseUrl, authentication } = access;
  const send = await createRedactingSender(access, listSecrets(authentication));
  const sent = Date.now();
  const { apiKey, keyLocation } = authentication;
  const sendApiKey = createSender({ baseUrl, authentication: { kind: "api-key", apiKey, keyLocation } });
  const first = await sendProbe(sendApiKey, { route: "validateApiKey" });
  const probe: Probe = { first, timing: { sent, received: Date.now() } };
  if (!first.response || !canBeFromDatadog(first.response)) return probe;
  return {
    ...probe,
    bothKeys: await sendProbe(send, { route: "validateKeys" }),
    list: await sendProbe(send, LIST_CONNECTIONS),
    organizations: await sendProbe(send, { route: "listOrganizations" }),
    applicationKeys: await sendProbe(send, {
      route: "listApplicationKeys",
      query: { "page[size]": APPLICATION_KEY_LIMIT, include: "owned_by" },
    }),
  };
}

/** Exchanges the proof of an identity at a site. Sends one request, and nothing else. */
export async function probeExchange(
  baseUrl: string,
  proof: string,
): Promise<{ result: ProbeResult; timing: ProbeTiming }> {
  const send = await createRedactingSender(
    { baseUrl, authentication: { kind: "proof", proof } },
    listProofSecrets(proof),
  );
  const sent = Date.now();
  const result = await sendProbe(send, { route: "exchangeToken" });
  return { result, timing: { sent, received: Date.now() } };
}

/**
 * Creates a sender that redacts the secrets in the body of each response. The redaction must come before a message is shortened,
 * because the redactor does not recognize a part of a secret.
 */
async function createRedactingSender(options: SenderOptions, secrets: readonly string[]): Promise<Sender> {
  const { createSender } = await import("datadog-org-connections-core/api/http.js");
  const redact = createRedactor(secrets);
  const send = createSender(options);
  return async (request, timeoutMs) => {
    const response = await send(request, timeoutMs);
    return { ...response, text: redact(response.text) };
  };
}

/** Sends one request without retries, so that every failure is reported. */
export async function sendProbe(send: Sender, request: Request): Promise<ProbeResult> {
  try {
    return { response: await send(request, PROBE_TIMEOUT_MS) };
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    const { cause, proxyStatus } = error;
    return {
      cause,
      ...(proxyStatus !== undefined && { proxyStatus }),
      ...(cause === TOO_LARGE && { isTooLarge: true }),
    };
  }
}

/** Whether a response may come from Datadog's API: it is a JSON object, and not a redirect. */
export function canBeFromDatadog({ status, text }: ApiResponse): boolean {
  if (status >= 300 && status < 400) return false;
  const body = parseJson(text);
  return typeof body === "object" && body !== null && !Array.isArray(body);
}
