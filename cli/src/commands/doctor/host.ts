import { isTlsFailure } from "datadog-org-connections-core/api/tls.js";
import type { Answer } from "datadog-org-connections-core/api/http.js";
import { ok, problem, type Check } from "./check.js";
import { isDatadogs, type Look, type Moment } from "./probe.js";
import type { Proxy } from "./proxy.js";

const CERTIFICATE_TIMES = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

/** Whether anything of Datadog answers at an address, and what stands in the way when not. */
export function hostCheck(baseUrl: string, look: Look, at: Moment, proxy: Proxy | undefined): Check {
  const through = proxy ? ` through the proxy ${proxy.address}` : "";
  if (look.answer && isDatadogs(look.answer)) {
    return ok("host", `${baseUrl} answers${through} (${at.received - at.sent} ms).`);
  }
  if (look.answer) return strange(baseUrl, look.answer, proxy);
  return look.proxyStatus === undefined
    ? silent(baseUrl, look.cause, proxy)
    : refusedByProxy(baseUrl, look.proxyStatus, proxy);
}

/** The proxy has answered in place of the site, and nothing was sent there. */
function refusedByProxy(baseUrl: string, status: number, proxy: Proxy | undefined): Check {
  const name = proxy?.address ?? "in between";
  return problem(
    "host",
    "proxy",
    status === 407
      ? `The proxy ${name} asks for a user and password (407).`
      : `The proxy ${name} refuses the connection to ${baseUrl} (${status}).`,
    status === 407
      ? "Put its user and password into HTTPS_PROXY: http://user:password@host:port."
      : `Ask whoever runs it to allow ${new URL(baseUrl).host}, or name that host in NO_PROXY.`,
  );
}

function silent(baseUrl: string, cause: string, proxy: Proxy | undefined): Check {
  if (proxy && !proxy.accepts) {
    return problem(
      "host",
      "proxy",
      `The proxy ${proxy.address}, which HTTPS_PROXY names, accepts no connection (${cause}).`,
      "Correct HTTPS_PROXY, or name the host in NO_PROXY if it can be reached without.",
    );
  }
  if (CERTIFICATE_TIMES.includes(cause)) {
    return problem(
      "host",
      "clock",
      `By this machine's clock (${new Date().toISOString()}) the certificate of ${baseUrl} is not valid (${cause}).`,
      "Set the clock if that is not the time. If it is, the certificate is the host's or the proxy's to renew.",
    );
  }
  if (isTlsFailure(cause)) {
    const who = proxy
      ? `The proxy ${proxy.address}`
      : `Something between here and ${baseUrl}, a proxy most likely,`;
    return problem(
      "host",
      proxy ? "proxy" : "tls",
      `${who} answers with a certificate that is not trusted here (${cause}). No key was sent.`,
      "Set NODE_EXTRA_CA_CERTS to the certificate of whoever signs on this network; check that the address is right.",
    );
  }
  if (proxy) {
    return problem(
      "host",
      "proxy",
      `The proxy ${proxy.address}, which HTTPS_PROXY names, accepts connections but leads to no answer of ${baseUrl} (${cause}).`,
      `Ask whoever runs it to allow ${new URL(baseUrl).host}, or name that host in NO_PROXY.`,
    );
  }
  if (cause === "ENOTFOUND" || cause === "EAI_AGAIN") {
    return problem(
      "host",
      "name-not-resolved",
      `The name of ${baseUrl} does not resolve (${cause}).`,
      "Check the spelling of the site, and this machine's DNS.",
    );
  }
  return problem(
    "host",
    "host-unreachable",
    `${baseUrl} does not answer (${cause}).`,
    "Check the address and the network. Where only a proxy leads out, set HTTPS_PROXY.",
  );
}

function strange(baseUrl: string, { status, headers }: Answer, proxy: Proxy | undefined): Check {
  const what = `${status}, ${headers["content-type"]?.split(";")[0] ?? "no content type"}`;
  const where = status >= 300 && status < 400 ? ` and leads to ${hostOf(headers["location"])}` : "";
  return problem(
    "host",
    proxy ? "proxy" : "not-datadog",
    `What answers at ${baseUrl}${proxy ? ` through the proxy ${proxy.address}` : ""} is not Datadog's API (${what})${where}.`,
    proxy
      ? "The proxy or its login page stands in the way: ask whoever runs it, or name the host in NO_PROXY."
      : "Check the site; a login page or a proxy of this network may stand in between.",
  );
}

function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : "another address";
}
