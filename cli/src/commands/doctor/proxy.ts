import { acceptsConnections } from "datadog-org-connections-core/api/accepts-connections.js";

/** The proxy through which requests to an address go. */
export interface Proxy {
  /** `http://proxy.example.com:3128`, without user and password. */
  address: string;
  /** Whether it accepts connections at all. */
  accepts: boolean;
}

/**
 * The proxy that HTTPS_PROXY and NO_PROXY name for an address, as the HTTP client goes by them; none for loopback over
 * plain http, which never takes one.
 */
export async function proxyFor(baseUrl: string): Promise<Proxy | undefined> {
  if (baseUrl.startsWith("http:")) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  const text = getProxyForUrl(baseUrl);
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return { address: "an address that is none", accepts: false };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return {
    address: `${url.protocol}//${url.host}`,
    accepts: await acceptsConnections(url.hostname.replace(/^\[|\]$/g, ""), port),
  };
}
