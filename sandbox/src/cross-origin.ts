import type { IncomingHttpHeaders } from "node:http";

/** The loopback names and addresses. Any port is allowed, because a port may be forwarded. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** The values of `Sec-Fetch-Site` for requests that do not come from a page of another site or port. */
const ALLOWED_FETCH_SITES = ["none", "same-origin"];

/**
 * Describes why a request is refused because another website may have sent it. Returns `undefined` if it is allowed.
 *
 * The keys of the sandbox are public. Without this check, any page that a developer opens could read and change the
 * sandbox: directly, or through a host name that resolves to this machine (DNS rebinding). Only the `Host` header
 * reveals the latter.
 */
export function describeCrossOriginRefusal(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host?.toLowerCase() ?? "";
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if (!LOOPBACK_HOST.test(host)) {
    return "its Host header does not name this machine. Use http://127.0.0.1 or http://localhost.";
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
    return "its Origin header names another website.";
  }
  if (site !== undefined && !ALLOWED_FETCH_SITES.includes(site)) {
    return "its Sec-Fetch-Site header says that another website sent it.";
  }
  return undefined;
}
