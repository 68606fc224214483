import { canConnect } from "datadog-org-connections-core/api/can-connect.js";

/** The proxy for requests to an address. */
export interface Proxy {
  /** Such as `http://proxy.example.com:3128`, without user name and password. */
  address: string;
  /** Whether it accepts connections. */
  acceptsConnections: boolean;
}

/**
 * Finds the proxy for an address in HTTPS_PROXY and NO_PROXY, like the HTTP client. Returns `undefined` for loopback over
 * plain HTTP, which never uses a proxy.
 */
export async function findProxy(baseUrl: string): Promise<Proxy | undefined> {
  if (baseUrl.startsWith("http:")) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  const text = getProxyForUrl(baseUrl);
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return { address: "an invalid address", acceptsConnections: false };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return {
    address: `${url.protocol}//${url.host}`,
    acceptsConnections: await canConnect(url.hostname.replace(/^\[|\]$/g, ""), port),
  };
}
