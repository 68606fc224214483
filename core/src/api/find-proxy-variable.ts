/** The environment variables for the proxy of HTTPS requests, in the order of precedence of axios (package proxy-from-env). */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const isNonEmpty = (name: string): boolean => (process.env[name] ?? "") !== "";

/** Whether the environment sets a proxy. */
export const isProxySet = (): boolean => PROXY_VARIABLES.some(isNonEmpty);

/** Finds the name of the variable that sets the proxy, for messages. Returns `HTTPS_PROXY` if none is set. */
export const findProxyVariable = (): string => PROXY_VARIABLES.find(isNonEmpty) ?? "HTTPS_PROXY";
