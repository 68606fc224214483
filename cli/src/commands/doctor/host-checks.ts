/** Whether Datadog's API responds, through which proxy, and whether this machine's clock is correct. */
import {
  canConnect,
  findProxyVariable,
  isTlsProtocolFailure,
} from "datadog-org-connections-core/api/network.js";
import type { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Call } from "./calls.js";
import { createFailure, createOk, createProblem, createUnknown, type Cause, type Check } from "./check.js";

/** The proxy for requests to an address. */
export interface Proxy {
  /** Such as `http://proxy.example.com:3128`, without user name and password. */
  address: string;
  acceptsConnections: boolean;
}

/**
 * Finds the proxy that the HTTP client uses for an address, and checks whether the proxy accepts network connections. The client
 * uses no proxy for `http:` addresses, because only loopback addresses may use http.
 *
 * @returns "invalid" if the value of the proxy variable is not a URL; undefined if the client uses no proxy
 */
export async function findProxy(baseUrl: string): Promise<Proxy | "invalid" | undefined> {
  if (baseUrl.startsWith("http:")) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  const value = getProxyForUrl(baseUrl);
  if (value === "") return undefined;
  // In NO_PROXY, axios accepts more than `proxy-from-env` does: networks such as 10.0.0.0/8, and all names of the loopback address.
  const { default: shouldBypassProxy } = await import("axios/unsafe/helpers/shouldBypassProxy.js");
  if (shouldBypassProxy(baseUrl)) return undefined;
  if (!URL.canParse(value)) return "invalid";
  const url = new URL(value);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  // `canConnect` takes an IPv6 address without the brackets of a URL.
  return {
    address: `${url.protocol}//${url.host}`,
    acceptsConnections: await canConnect(url.hostname.replace(/^\[|\]$/g, ""), port),
  };
}

/** Checks whether Datadog's API responds at an address, with the first call to it. */
export async function checkHost(
  baseUrl: string,
  { hostError, sentAt, receivedAt }: Call<unknown>,
): Promise<Check> {
  const proxy = await findProxy(baseUrl);
  const variable = findProxyVariable();
  // If the value of the proxy variable is not a URL, the HTTP client sends no request.
  if (proxy === "invalid") {
    const next = `Set ${variable} to a URL, such as http://host:port.`;
    return createProblem("host", "proxy", `The value of ${variable} is not a URL.`, next);
  }
  if (!hostError) {
    const through = proxy ? ` through the proxy ${proxy.address}` : "";
    return createOk("host", `${baseUrl} responds${through} (${receivedAt - sentAt} ms).`);
  }
  const { cause, context, next } = explainHost(hostError, new URL(baseUrl).host, proxy);
  const failure = createFailure("host", hostError, cause);
  return {
    ...failure,
    found: [failure.found, ...context].join(" "),
    next,
  };
}

/** What only `doctor` knows about a failure at the host: the proxy, the clock, and that the other end may not speak TLS. */
function explainHost(
  { code, facts, advice = "" }: OrgConnectionsError,
  host: string,
  proxy: Proxy | undefined,
): { cause?: Cause; context: string[]; next: string } {
  const { networkCode = "" } = facts;
  const variable = findProxyVariable();
  const context = [
    ...(isTlsProtocolFailure(networkCode) ? ["Perhaps the server does not use TLS on this port."] : []),
    ...(proxy
      ? [
          `Requests use the proxy ${proxy.address} from ${variable}, which accepts ${proxy.acceptsConnections ? "" : "no "}network connections.`,
        ]
      : []),
  ];
  if (proxy && !proxy.acceptsConnections)
    return {
      cause: "proxy",
      context,
      next: `Correct ${variable}, or add ${host} to NO_PROXY if it needs no proxy.`,
    };
  if (["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"].includes(networkCode))
    return {
      cause: "clock",
      context: [
        ...context,
        `According to this machine's clock (${new Date().toISOString()}), its certificate is not valid.`,
      ],
      next: "If the time is wrong, set the clock. Otherwise, the certificate of the host or the proxy must be renewed.",
    };
  if (proxy) {
    const ask = `Ask the administrator of the proxy to allow ${host}, or add this host to NO_PROXY.`;
    const form = `The URL in ${variable} has the form http://user:password@host:port.`;
    const next = code === "proxy-refused" ? `${advice} ${form}` : code === "tls-failed" ? advice : ask;
    return { cause: "proxy", context, next };
  }
  if (code === "tls-failed") return { context, next: `Check the address and the port. ${advice}` };
  if (code !== "connection-failed" && code !== "timed-out") return { context, next: advice };
  return {
    context,
    next: `Check the address and the port. ${advice} If the network requires a proxy, set ${variable}.`,
  };
}

/** The clock offset that is tolerated in addition to the duration of the request, in milliseconds. */
const MAX_OFFSET_MS = 60_000;

/** Compares this machine's clock with the `Date` of a response. */
export function checkClock({
  response,
  sentAt,
  receivedAt,
}: Pick<Call<unknown>, "response" | "sentAt" | "receivedAt">): Check {
  const date = Date.parse(response?.headers["date"] ?? "");
  if (Number.isNaN(date))
    return createUnknown(
      "clock",
      "The response has no `Date` header, so this machine's clock was not checked.",
    );
  // The value of `Date` is rounded down to a whole second, so the server's time was 500 ms later on average.
  const offsetMs = (sentAt + receivedAt) / 2 - (date + 500);
  const seconds = Math.abs(offsetMs) / 1000;
  if (Math.abs(offsetMs) <= MAX_OFFSET_MS + (receivedAt - sentAt))
    return createOk(
      "clock",
      `This machine's clock is correct to within ${Math.max(1, Math.ceil(seconds))} s.`,
    );
  return createProblem(
    "clock",
    "clock",
    `This machine's clock is ${Math.round(seconds)} s ${offsetMs > 0 ? "ahead of" : "behind"} Datadog's.`,
    "Set the clock (NTP). Until then, `inventory` reports wrong ages, and certificates may appear expired or not yet valid.",
  );
}
