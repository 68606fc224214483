import net from "node:net";

/** A request without a complete response. `cause` is an error code of Node or axios, one of the codes below, or `UNKNOWN`. */
export class NoResponseError extends Error {
  /** @param proxyStatus - the status of the proxy that refused the network connection; only with {@link PROXY_REFUSED} */
  constructor(
    override readonly cause: string,
    readonly proxyStatus?: number,
  ) {
    super(cause);
  }
}

/**
 * There was no complete response, or no access token, before the timeout. This code and the next two are values of
 * {@link NoResponseError.cause}.
 */
export const TIMED_OUT = "TIMED_OUT";
/** The response is larger than the limit of its request: see http.ts. */
export const TOO_LARGE = "TOO_LARGE";
/** A proxy refused the network connection. Nothing was sent to the site. */
export const PROXY_REFUSED = "PROXY_REFUSED";

/** Error codes of Node and OpenSSL: https://nodejs.org/api/tls.html#x509-certificate-error-codes and https://nodejs.org/api/errors.html */
const TLS_ERROR_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|ERROR_IN_C|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;

/** Whether a Node error code means that TLS failed, for example because the certificate is not trusted. */
export const isTlsFailure = (code: string): boolean => TLS_ERROR_CODE.test(code);

/** Whether a Node error code means that the other end broke the TLS protocol, for example because it speaks plain HTTP. */
export const isTlsProtocolFailure = (code: string): boolean => /^(ERR_SSL|EPROTO)/.test(code);

/** Whether an error proves that the request was not sent to the site. With any other error, the request counts as sent. */
export const isUnsent = ({ cause }: NoResponseError): boolean =>
  cause === PROXY_REFUSED || isNameNotResolved(cause);

export const isNameNotResolved = (cause: string): boolean => cause === "ENOTFOUND" || cause === "EAI_AGAIN";

/** Whether another attempt may succeed after this error. */
export function isTransient({ cause, proxyStatus }: NoResponseError): boolean {
  // A proxy that failed (5xx) may recover. A proxy that refuses the host, the user or the password (4xx) will refuse again.
  if (cause === PROXY_REFUSED) return proxyStatus !== undefined && proxyStatus >= 500;
  // `ENOTFOUND`: the name does not exist. With `EAI_AGAIN`, the name server may respond later.
  return cause !== TOO_LARGE && cause !== "ENOTFOUND" && !isTlsFailure(cause);
}

/** Describes a transient error in a few words, as the reason for the wait before the next attempt. */
export function describeNoResponse(error: NoResponseError): string {
  if (error.cause === TIMED_OUT) return "there was no response in time";
  if (error.cause === PROXY_REFUSED) return "the proxy refused the network connection";
  return isNameNotResolved(error.cause) ? "the host name did not resolve" : "the network connection failed";
}

/** The environment variables for the proxy of HTTPS requests, in the order of precedence of axios (package proxy-from-env). */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const isNonEmpty = (name: string): boolean => (process.env[name] ?? "") !== "";

/** Whether the environment sets a proxy. */
export const isProxySet = (): boolean => PROXY_VARIABLES.some(isNonEmpty);

/** Finds the name of the variable that sets the proxy, for messages. Returns `HTTPS_PROXY` if none is set. */
export const findProxyVariable = (): string => PROXY_VARIABLES.find(isNonEmpty) ?? "HTTPS_PROXY";

const TIMEOUT_MS = 5000;

/** Whether a server accepts a TCP connection at an address within {@link TIMEOUT_MS}. Sends no data. */
export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: TIMEOUT_MS });
    const finish = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
