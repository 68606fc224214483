import { canConnect } from "datadog-org-connections-core/api/network.js";

/** The proxy for requests to an address. */
export interface Proxy {
  /** Such as `http://proxy.example.com:3128`, without user name and password. */
  address: string;
  /** Whether it accepts network connections. */
  acceptsConnections: boolean;
}

/**
 * Finds the proxy that the HTTP client uses for an address, and checks whether the proxy accepts network connections. The proxy is
 * from the environment variable HTTPS_PROXY or, if this is not set, from ALL_PROXY. NO_PROXY lists exceptions. The client uses no
 * proxy for `http:` addresses, because only loopback addresses may use http.
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
