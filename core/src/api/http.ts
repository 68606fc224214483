import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import "./debug-output.js";
import axios, { type AxiosInstance } from "axios";
import { version } from "../../package.json";
import type { Headers } from "./rate-limit.js";
import { pathOf, routes, type RouteName } from "./routes.js";

/** Where requests go and how they prove who asks. */
export interface Access {
  /** `https://api.datadoghq.com`: scheme and host, no path. */
  baseUrl: string;
  apiKey: string;
  appKey: string;
  /** Headers by default. As query parameters, as the API page also shows it, the keys end up in access logs. */
  auth: "headers" | "query";
}

/** One request, before it has keys. */
export interface Request {
  route: RouteName;
  connectionId?: string;
  query?: Record<string, string | number>;
  body?: unknown;
}

/** What came back, whatever its status. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The body as it came; parsed by the caller. */
  text: string;
}

/** No answer, or not a whole one. `cause` is Node's or axios's code, or one of ours. */
export class NoAnswer extends Error {
  /** @param proxyStatus - the status with which a proxy refused the connection: with {@link PROXY_REFUSED} */
  constructor(
    override readonly cause: string,
    readonly proxyStatus?: number,
  ) {
    super(cause);
  }
}

/** The largest answer that is read, in bytes. A page of 1,000 connections is about 1 MB. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Our own {@link NoAnswer.cause}s. */
export const TIMED_OUT = "TIMED_OUT";
export const TOO_LARGE = "TOO_LARGE";
/** A proxy answered in place of the site. Nothing was sent to the site. */
export const PROXY_REFUSED = "PROXY_REFUSED";

function userAgent(): string {
  return `pulumi-datadog-org-connections/${version} node/${process.versions.node}`;
}

/**
 * Sends one request, once. Answers of any status are returned; a {@link NoAnswer} is thrown otherwise. No redirect
 * is followed, since the keys would go along. `timeoutMs` bounds the whole exchange, so a slow drip ends too.
 */
export type Send = (request: Request, timeoutMs: number) => Promise<Answer>;

/** Access with both keys, or with the API key alone: enough to ask whether a site knows it. */
export type KeyAccess = Omit<Access, "appKey"> & Partial<Pick<Access, "appKey">>;

/** Makes the sender of one organization. */
export function createSend(access: KeyAccess): Send {
  const instance = createInstance(access);
  return async (request, timeoutMs) => {
    try {
      const { status, headers, data } = await instance.request<string>({
        method: routes[request.route].method,
        url: pathOf(request.route, request.connectionId),
        ...queryOf(request, access),
        data: request.body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status, headers: plain(headers), text: data };
    } catch (error) {
      throw noAnswerFrom(error);
    }
  };
}

function createInstance(access: KeyAccess): AxiosInstance {
  const isTls = access.baseUrl.startsWith("https:");
  return axios.create({
    baseURL: access.baseUrl,
    headers: {
      Accept: "application/json",
      "User-Agent": userAgent(),
      ...(access.auth === "headers" && {
        "DD-API-KEY": access.apiKey,
        ...(access.appKey !== undefined && { "DD-APPLICATION-KEY": access.appKey }),
      }),
    },
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true }),
    ...(isTls && { transport: tlsTransport }),
    maxRedirects: 0,
    // HTTPS_PROXY and NO_PROXY are axios's affair: it tunnels. Plain http is for loopback only, and a proxy would read
    // the keys.
    ...(!isTls && { proxy: false as const }),
    maxContentLength: MAX_ANSWER_BYTES,
    responseType: "text",
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });
}

/** Nothing at all for most: axios takes longer over an empty query than over none. */
function queryOf({ query }: Request, { auth, apiKey, appKey }: KeyAccess) {
  if (auth === "query") {
    const keys = { api_key: apiKey, ...(appKey !== undefined && { application_key: appKey }) };
    return { params: { ...query, ...keys } };
  }
  return query && { params: query };
}

function plain(headers: object): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** A proxy's refusal, on its way through axios. */
class ProxyRefusal extends Error {
  constructor(readonly status: number) {
    super("a proxy answered");
  }
}

/**
 * Node's own transport, which lets pass only what came over TLS. When a proxy refuses a tunnel, the agent replays the
 * proxy's reply as if it were the site's (https-proxy-agent, `agent.ts`): a proxy could answer for Datadog.
 */
const tlsTransport = {
  request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
    const request = https.request(options, (response) => {
      if (isEncrypted(response.socket)) onResponse(response);
      else request.destroy(new ProxyRefusal(response.statusCode ?? 0));
    });
    return request;
  },
};

const isEncrypted = (socket: Socket): boolean => "encrypted" in socket && socket.encrypted === true;

/** Only the code: axios's error carries the whole request, keys included, and must not travel further. */
function noAnswerFrom(error: unknown): NoAnswer {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (cause instanceof ProxyRefusal) return new NoAnswer(PROXY_REFUSED, cause.status);
  if (code === "ERR_CANCELED") return new NoAnswer(TIMED_OUT);
  if (typeof message === "string" && message.startsWith("maxContentLength")) return new NoAnswer(TOO_LARGE);
  return new NoAnswer(typeof code === "string" ? code : "UNKNOWN");
}
