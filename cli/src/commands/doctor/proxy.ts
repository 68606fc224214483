import { canConnect } from "datadog-org-connections-core/api/can-connect.js";

/** The proxy for requests to an address. */
export interface Proxy {
  /** Such as `http://proxy.example.com:3128`, without user name and password. */
  address: string;
  /** Whether it accepts connections. */
  acceptsConnections: boolean;
}

/**
 * Determines from HTTPS_PROXY (or else ALL_PROXY) and NO_PROXY which proxy the HTTP client uses for an address. Returns `undefined` if it uses none,
 * which is always so for loopback over plain HTTP, and "invalid" if the setting is not a URL.
 */
export async function findProxy(baseUrl: string): Promise<Proxy | "invalid" | undefined> {
  if (baseUrl.startsWith("http:")) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  const text = getProxyForUrl(baseUrl);
  if (text === "") return undefined;
  // NO_PROXY has more forms for axios than for `proxy-from-env`: networks such as 10.0.0.0/8, and all names of the loopback address.
  const { default: shouldBypassProxy } = await import("axios/unsafe/helpers/shouldBypassProxy.js");
  if (shouldBypassProxy(baseUrl)) return undefined;
  if (!URL.canParse(text)) return "invalid";
  const url = new URL(text);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return {
    address: `${url.protocol}//${url.host}`,
    acceptsConnections: await canConnect(url.hostname.replace(/^\[|\]$/g, ""), port),
  };
}
