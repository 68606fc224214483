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
import type { Headers } from "./rate-limit.js";
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

/**
 * A request without a complete response. `cause` is an error code of Node or axios, or a code below.
 */
export class NoResponseError extends Error {
  /** @param proxyStatus - the status of a proxy that refused the network connection; with {@link PROXY_REFUSED} */
  constructor(
    override readonly cause: string,
    readonly proxyStatus?: number,
  ) {
    super(cause);
  }
}

/** The maximum size of a response, in bytes. A page of 1,000 connections has about 1 MB. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** A value of {@link NoResponseError.cause}, like the next two: the request took longer than its timeout. */
export const TIMED_OUT = "TIMED_OUT";
/** The response is larger than the limit of its request: {@link MAX_RESPONSE_BYTES}, or {@link MAX_TOKEN_RESPONSE_BYTES}. */
export const TOO_LARGE = "TOO_LARGE";
/** A proxy refused the network connection. Nothing was sent to the site. */
export const PROXY_REFUSED = "PROXY_REFUSED";

function formatUserAgent(): string {
  return `pulumi-datadog-org-connections/${version} node/${process.versions.node}`;
}

/**
 * Sends one request, once. Returns responses with any status, and throws a {@link NoResponseError} otherwise.
 * Redirects are not followed, because they would send the credentials to another address. `timeoutMs` limits the
 * request and its response together, so it also ends a slow response.
 */
export type Sender = (request: Request, timeoutMs: number) => Promise<ApiResponse>;

/** The options of a sender. */
export type SenderOptions = Pick<Access, "baseUrl"> & { authentication: SentAuthentication };

// All organizations share the sockets. This is safe, because each request carries its own credentials. With sockets of their own,
// a thousand organizations would need thousands of TLS handshakes.
const httpAgent = new http.Agent({ keepAlive: true });
const httpsAgent = new https.Agent({ keepAlive: true });

/** Creates the sender of one organization. */
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
 * Datadog's clients also send this header with the token exchange, although its body is empty. Without it, axios would send the
 * content type of a form.
 */
const JSON_CONTENT = { headers: { "Content-Type": "application/json" } };

/** The maximum size of a response to {@link sendGet}, in bytes. It contains one token. */
const MAX_TOKEN_RESPONSE_BYTES = 64 * 1024;

/**
 * Sends one GET request to an address that is not the Datadog API, such as the issuer of a token. Like a
 * {@link Sender}, it sends the request once, follows no redirect and limits the whole time.
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
    // For https, axios uses HTTPS_PROXY and NO_PROXY with a tunnel. Plain http is only for loopback and must
    // not use a proxy, which could read the credentials.
    ...(!isTls && { proxy: false as const }),
    maxContentLength: MAX_RESPONSE_BYTES,
    responseType: "text",
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });
}

/** Returns `undefined` if there are no parameters: axios is slower with an empty query than without one. */
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
 * Node's transport, which accepts only responses that came over TLS. If a proxy refuses a tunnel, the agent
 * returns the proxy's response as if it came from the site (https-proxy-agent, `agent.ts`). Without this
 * check, a proxy could impersonate Datadog.
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

/** Converts an error of axios. Keeps only its code, because the rest contains the request with the credentials. */
function toNoResponseError(error: unknown): NoResponseError {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (cause instanceof ProxyRefusedError) return new NoResponseError(PROXY_REFUSED, cause.status);
  if (code === "ERR_CANCELED") return new NoResponseError(TIMED_OUT);
  if (typeof message === "string" && message.startsWith("maxContentLength"))
    return new NoResponseError(TOO_LARGE);
  return new NoResponseError(typeof code === "string" ? code : "UNKNOWN");
}
