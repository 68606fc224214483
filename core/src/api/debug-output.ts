import { createRequire } from "node:module";

/**
 * The dependencies of axios that can print secrets if `DEBUG` is set. This module disables their output, so it must be loaded
 * before axios.
 *
 * - https-proxy-agent prints the user and password of the proxy.
 * - agent-base prints the query of each request through a proxy. With the setting `auth: query`, the query contains the keys.
 * - follow-redirects would print the query of each request. The client bypasses this package (http.ts).
 */
const EXCLUDED = ["https-proxy-agent*", "agent-base*", "follow-redirects*"];

if (process.env["DEBUG"] !== undefined && process.env["DEBUG"] !== "") {
  const namespaces = [process.env["DEBUG"], ...EXCLUDED.map((name) => `-${name}`)].join(",");
  process.env["DEBUG"] = namespaces;
  enableDebug(namespaces);
}

/** Applies the new value of `DEBUG`. Other code may have loaded the package `debug` already, with the old value. */
function enableDebug(namespaces: string): void {
  const debug = loadAxiosDebug();
  if (typeof debug === "function" && "enable" in debug && typeof debug.enable === "function") {
    Reflect.apply(debug.enable, debug, [namespaces]);
  }
}

/** Loads the copy of the package `debug` that axios's proxy agent uses. */
function loadAxiosDebug(): unknown {
  try {
    const fromAxios = createRequire(createRequire(__filename).resolve("axios/package.json"));
    return createRequire(fromAxios.resolve("https-proxy-agent"))("debug");
  } catch {
    // A version of axios without these packages prints nothing.
    return undefined;
  }
}
