/** The variables that set a proxy for HTTPS, in the order of precedence in the HTTP client (the package proxy-from-env). */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const isNonEmpty = (name: string): boolean => (process.env[name] ?? "") !== "";

/** Whether the environment sets a proxy. */
export const isProxySet = (): boolean => PROXY_VARIABLES.some(isNonEmpty);

/** Finds the name of the variable that sets the proxy, for messages. Returns `HTTPS_PROXY` if none is set. */
export const findProxyVariable = (): string => PROXY_VARIABLES.find(isNonEmpty) ?? "HTTPS_PROXY";
