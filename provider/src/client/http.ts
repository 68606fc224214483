import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import axios, { type AxiosInstance } from "axios";
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
  constructor(override readonly cause: string) {
    super(cause);
  }
}

/** The largest answer that is read, in bytes. A page of 1,000 connections is about 1 MB. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Our own {@link NoAnswer.cause}s. */
export const TIMED_OUT = "TIMED_OUT";
export const TOO_LARGE = "TOO_LARGE";

function userAgent(): string {
  const manifest = readFileSync(path.join(__dirname, "../../package.json"), "utf8");
  const { name, version } = JSON.parse(manifest) as { name: string; version: string };
  return `${name}/${version} node/${process.versions.node}`;
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
      throw new NoAnswer(causeOf(error));
    }
  };
}

function createInstance(access: KeyAccess): AxiosInstance {
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
    maxRedirects: 0,
    // HTTPS_PROXY and NO_PROXY are axios's affair: it tunnels. Plain http is for loopback only, and a proxy would read
    // the keys.
    ...(access.baseUrl.startsWith("http:") && { proxy: false as const }),
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

/** Only the code: axios's error carries the whole request, keys included, and must not travel further. */
function causeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === "ERR_CANCELED") return TIMED_OUT;
  if (typeof message === "string" && message.startsWith("maxContentLength")) return TOO_LARGE;
  return typeof code === "string" ? code : "UNKNOWN";
}
