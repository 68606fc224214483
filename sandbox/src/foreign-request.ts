import type { IncomingHttpHeaders } from "node:http";

/** The names and addresses of this machine itself, with any port: one may be forwarded. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** What a browser calls a request that no page of another site, or of another port, has caused. */
const OWN_SITES = ["none", "same-origin"];

/**
 * Why a request is refused that a web page may have sent; `undefined` when it may be answered. The sandbox's keys are
 * public, so any page that a developer opens could otherwise read and change it: directly, or under a name of its own
 * that leads to this machine (DNS rebinding), which only `Host` shows.
 */
export function describeForeignRequest(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host?.toLowerCase() ?? "";
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if (!LOOPBACK_HOST.test(host)) {
    return "its Host header does not name this machine. Use http://127.0.0.1 or http://localhost.";
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
    return "its Origin header names another web site.";
  }
  if (site !== undefined && !OWN_SITES.includes(site)) {
    return "its Sec-Fetch-Site header says that another web site sent it.";
  }
  return undefined;
}
