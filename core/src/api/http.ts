import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import "./debug-output.js";
import axios, { type AxiosInstance, type AxiosRequestConfig } from "axios";
import { version } from "../../package.json";
import {
  buildAuthHeaders,
  buildAuthQuery,
  type Authentication,
  type SentAuthentication,
} from "./authentication.js";
import type { Headers } from "./limiter.js";
import { NoResponseError, PROXY_REFUSED, TIMED_OUT, TOO_LARGE } from "./network.js";
import { parseJson } from "../text/data.js";
import { formatPath, routes, type RouteName } from "./routes.js";

/** Where requests go, and how they authenticate. */
export interface Access {
  /** Such as `https://api.datadoghq.com`. May have a port and a path, but no trailing slash. */
  baseUrl: string;
  authentication: Authentication;
}

/** A request without its credentials. */
export interface Request {
  route: RouteName;
  /** The ID in the path, if the route has one. */
  connectionId?: string;
  query?: Record<string, string | number>;
  /** Sent as JSON. */
  body?: unknown;
}

/** A response with any status. */
export interface ApiResponse {
  status: number;
  headers: Headers;
  /** The unparsed body. */
  text: string;
}

/** The maximum size of a response to a {@link Sender}, in bytes. A page of 1,000 connections has about 1 MB. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

function formatUserAgent(): string {
  return `pulumi-datadog-org-connections/${version} node/${process.versions.node}`;
}

/**
 * Sends one request, once. Returns a response with any status. Throws a {@link NoResponseError} if there is no complete response.
 * Redirects are not followed, because they could send the credentials to another address. `timeoutMs` limits the
 * request and its response together, so it also ends a slow response.
 */
export type Sender = (request: Request, timeoutMs: number) => Promise<ApiResponse>;

/** The options of a sender. */
export type SenderOptions = Pick<Access, "baseUrl"> & { authentication: SentAuthentication };

// All organizations share the sockets. This is safe, because each request carries its own credentials. Without sharing, a thousand
// organizations would need thousands of TLS handshakes.
const httpAgent = new http.Agent({ keepAlive: true });
const httpsAgent = new https.Agent({ keepAlive: true });

/** Creates a sender that sends all requests to one base URL, with the same credentials. */
export function createSender(access: SenderOptions): Sender {
  const instance = createAxiosInstance(access.baseUrl, buildAuthHeaders(access.authentication));
  return async (request, timeoutMs) =>
    sendRequest(
      instance,
      {
        method: routes[request.route].method,
        url: formatPath(request.route, request.connectionId),
        ...buildQueryConfig(request, access),
        ...(request.route === "exchangeToken" && JSON_CONTENT),
        data: request.body,
      },
      timeoutMs,
    );
}

/**
 * The configuration of the token exchange. Datadog's clients also send this header, although the body is empty. Without the header,
 * axios would send the content type of a form.
 */
const JSON_CONTENT = { headers: { "Content-Type": "application/json" } };

/** The maximum size of a response to {@link sendGet}, in bytes. Such a response contains one token. */
const MAX_TOKEN_RESPONSE_BYTES = 64 * 1024;

/**
 * Sends one GET request to an address that is not the Datadog API, such as the issuer of a token. Like a
 * {@link Sender}, it sends the request once, follows no redirect, and applies `timeoutMs` to the request and its response together.
 *
 * @param headers - may contain a credential
 */
export function sendGet(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<ApiResponse> {
  const instance = createAxiosInstance(new URL(url).origin, headers);
  return sendRequest(instance, { url, maxContentLength: MAX_TOKEN_RESPONSE_BYTES }, timeoutMs);
}

async function sendRequest(
  instance: AxiosInstance,
  config: AxiosRequestConfig,
  timeoutMs: number,
): Promise<ApiResponse> {
  try {
    const { status, headers, data } = await instance.request<string>({
      ...config,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status, headers: toHeaders(headers), text: data };
  } catch (error) {
    throw toNoResponseError(error);
  }
}

function createAxiosInstance(baseUrl: string, headers: Record<string, string>): AxiosInstance {
  const isTls = baseUrl.startsWith("https:");
  return axios.create({
    baseURL: baseUrl,
    headers: { Accept: "application/json", "User-Agent": formatUserAgent(), ...headers },
    httpAgent,
    httpsAgent,
    ...(isTls && { transport: tlsTransport }),
    maxRedirects: 0,
    // For https, axios connects through a tunnel if the environment sets a proxy (HTTPS_PROXY, ALL_PROXY, NO_PROXY). Plain http is
    // only for loopback and must not use a proxy, which could read the credentials.
    ...(!isTls && { proxy: false as const }),
    maxContentLength: MAX_RESPONSE_BYTES,
    responseType: "text",
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });
}

/** Builds the query parameters of a request. Returns `undefined` if there are none, because an empty query makes axios slower. */
function buildQueryConfig({ query }: Request, { authentication }: SenderOptions) {
  const keys = buildAuthQuery(authentication);
  return (query ?? keys) && { params: { ...query, ...keys } };
}

function toHeaders(headers: object): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** The refusal of a proxy. It is the `cause` of the error that axios throws. */
class ProxyRefusedError extends Error {
  constructor(readonly status: number) {
    super("a proxy refused the network connection");
  }
}

/**
 * Node's transport for https, with one more check: the response must come over TLS. If a proxy refuses a tunnel, axios returns
 * the proxy's response as if the site had sent it (https-proxy-agent, `agent.ts`). Without the check, a proxy could impersonate
 * Datadog.
 */
const tlsTransport = {
  request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
    const request = https.request(options, (response) => {
      if (isEncrypted(response.socket)) onResponse(response);
      else request.destroy(new ProxyRefusedError(response.statusCode ?? 0));
    });
    return request;
  },
};

const isEncrypted = (socket: Socket): boolean => "encrypted" in socket && socket.encrypted === true;

/**
 * Converts an error of axios. Copies only its code or a proxy's status, because the rest contains the request with the credentials.
 */
function toNoResponseError(error: unknown): NoResponseError {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (cause instanceof ProxyRefusedError) return new NoResponseError(PROXY_REFUSED, cause.status);
  // Only the timeout cancels a request.
  if (code === "ERR_CANCELED") return new NoResponseError(TIMED_OUT);
  if (typeof message === "string" && message.startsWith("maxContentLength"))
    return new NoResponseError(TOO_LARGE);
  return new NoResponseError(typeof code === "string" ? code : "UNKNOWN");
}

/**
 * Whether a response has a JSON content type, but its body is empty or invalid JSON. Such a response was probably truncated in
 * transit, so another attempt may succeed.
 */
export function hasInvalidJson({ headers, text }: ApiResponse): boolean {
  return /^application\/(.+\+)?json\b/i.test(headers["content-type"] ?? "") && parseJson(text) === undefined;
}
