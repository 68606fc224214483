/** The variables that set a proxy for HTTPS, in the order in which the HTTP client reads them (the package proxy-from-env). */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/** Finds the name of the variable that sets the proxy, for messages. Returns the usual one if none is set. */
export const findProxyVariable = (): string =>
  PROXY_VARIABLES.find((name) => (process.env[name] ?? "") !== "") ?? "HTTPS_PROXY";
