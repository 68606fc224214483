import {
  findProxyVariable,
  isTlsFailure,
  isTlsProtocolFailure,
} from "datadog-org-connections-core/api/network.js";
import type { ApiResponse } from "datadog-org-connections-core/api/http.js";
import { createOk, createProblem, type Check } from "./check.js";
import { canBeFromDatadog, type ProbeResult, type ProbeTiming } from "./probe.js";
import type { Proxy } from "./proxy.js";
import { describeLargeResponse } from "./request-failures.js";

const CERTIFICATE_TIME_CODES = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

/** Checks whether Datadog's API responds at an address. If it does not, the check explains why. */
export function checkHost(
  baseUrl: string,
  result: ProbeResult,
  timing: ProbeTiming,
  proxy: Proxy | "invalid" | undefined,
): Check {
  // If the value of the proxy variable is not a URL, the HTTP client sends no request.
  if (proxy === "invalid") {
    return createProblem(
      "host",
      "proxy",
      `The value of ${findProxyVariable()} is not a URL.`,
      `Set ${findProxyVariable()} to a URL, such as http://host:port.`,
    );
  }
  if (result.response && canBeFromDatadog(result.response)) {
    return createOk(
      "host",
      `${baseUrl} responds${formatThrough(proxy)} (${timing.received - timing.sent} ms).`,
    );
  }
  if (result.response) return explainUnexpectedResponse(baseUrl, result.response, proxy);
  if (result.isTooLarge) {
    const found = describeLargeResponse(` from ${baseUrl}${formatThrough(proxy)}`);
    return createProblem("host", proxy ? "proxy" : "not-datadog", found, formatSenderAdvice(proxy));
  }
  return result.proxyStatus === undefined
    ? explainNoResponse(baseUrl, result.cause, proxy)
    : explainProxyRefusal(baseUrl, result.proxyStatus, proxy);
}

const formatThrough = (proxy: Proxy | undefined): string =>
  proxy ? ` through the proxy ${proxy.address}` : "";

/** Explains why the proxy refused the network connection. Nothing was sent to the site. */
function explainProxyRefusal(baseUrl: string, status: number, proxy: Proxy | undefined): Check {
  const name = proxy?.address ?? "on this network";
  return createProblem(
    "host",
    "proxy",
    status === 407
      ? `The proxy ${name} requires a user name and password (407).`
      : `The proxy ${name} refuses the network connection to ${baseUrl} (${status}).`,
    status === 407
      ? `Add the user name and password to the URL in ${findProxyVariable()}: http://user:password@host:port.`
      : `Ask the administrator of the proxy to allow ${new URL(baseUrl).host}, or add this host to NO_PROXY.`,
  );
}

function explainNoResponse(baseUrl: string, cause: string, proxy: Proxy | undefined): Check {
  if (proxy && !proxy.acceptsConnections) {
    return createProblem(
      "host",
      "proxy",
      `The proxy ${proxy.address} from ${findProxyVariable()} accepts no network connection (${cause}).`,
      `Correct ${findProxyVariable()}, or add ${new URL(baseUrl).host} to NO_PROXY if it needs no proxy.`,
    );
  }
  if (CERTIFICATE_TIME_CODES.includes(cause)) {
    return createProblem(
      "host",
      "clock",
      `According to this machine's clock (${new Date().toISOString()}), the certificate of ${baseUrl} is not valid (${cause}).`,
      "If the time is wrong, set the clock. Otherwise, the certificate of the host or the proxy must be renewed.",
    );
  }
  if (isTlsProtocolFailure(cause)) {
    return createProblem(
      "host",
      proxy ? "proxy" : "tls",
      `The TLS connection to ${baseUrl}${formatThrough(proxy)} failed (${cause}). Perhaps the server does not use TLS on this port.`,
      `Check the address and the port${proxy ? `, and the proxy in ${findProxyVariable()}` : ""}.`,
    );
  }
  if (isTlsFailure(cause)) {
    const server = proxy
      ? `The proxy ${proxy.address}, or the server at ${baseUrl},`
      : `The server at ${baseUrl}, or a proxy in front of it,`;
    return createProblem(
      "host",
      proxy ? "proxy" : "tls",
      `${server} has a certificate that this machine does not trust (${cause}). No credentials were sent.`,
      "Check the address, and set NODE_EXTRA_CA_CERTS to the CA certificate of this network.",
    );
  }
  if (proxy) {
    return createProblem(
      "host",
      "proxy",
      `The proxy ${proxy.address} from ${findProxyVariable()} accepts network connections, but there is no response from ${baseUrl} (${cause}).`,
      `Ask the administrator of the proxy to allow ${new URL(baseUrl).host}, or add this host to NO_PROXY.`,
    );
  }
  if (cause === "ENOTFOUND" || cause === "EAI_AGAIN") {
    return createProblem(
      "host",
      "name-not-resolved",
      `The host name of ${baseUrl} does not resolve (${cause}).`,
      "Check the spelling of the site and the DNS settings of this machine.",
    );
  }
  return createProblem(
    "host",
    "host-unreachable",
    `${baseUrl} does not respond (${cause}).`,
    "Check the address and the network. If the network requires a proxy, set HTTPS_PROXY.",
  );
}

function explainUnexpectedResponse(
  baseUrl: string,
  { status, headers }: ApiResponse,
  proxy: Proxy | undefined,
): Check {
  const details = `${status}, ${headers["content-type"]?.split(";")[0] ?? "no content type"}`;
  const target = status >= 300 && status < 400 ? ` and redirects to ${getHost(headers["location"])}` : "";
  return createProblem(
    "host",
    proxy ? "proxy" : "not-datadog",
    `The response from ${baseUrl}${formatThrough(proxy)} is not from Datadog's API (${details})${target}.`,
    formatSenderAdvice(proxy),
  );
}

const formatSenderAdvice = (proxy: Proxy | undefined): string =>
  proxy
    ? "The proxy or its login page probably sent the response. Ask the administrator of the proxy, or add the host to NO_PROXY."
    : "Check the site. A login page or a proxy of this network may have sent the response.";

function getHost(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : "another address";
}
