import type { LoggedRequest } from "../../sandbox/src/index.js";

/** Whether a request changes connections. The exchange of an identity for an access token does not, although its method is POST. */
export const isWriteRequest = ({ method, route }: Pick<LoggedRequest, "method" | "route">): boolean =>
  method !== "GET" && route !== "exchangeToken";
