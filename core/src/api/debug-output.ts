import { createRequire } from "node:module";

/**
 * With `DEBUG=*`, the packages that axios uses print secrets. The proxy agents print the proxy's user and
 * password. follow-redirects, which the client bypasses (http.ts), would print each request's query, which contains the keys
 * if `auth` is `query`. This module disables their output. It must be loaded before axios.
 */
const EXCLUDED = ["https-proxy-agent*", "agent-base*", "follow-redirects*"];

if (process.env["DEBUG"] !== undefined && process.env["DEBUG"] !== "") {
  const namespaces = [process.env["DEBUG"], ...EXCLUDED.map((name) => `-${name}`)].join(",");
  process.env["DEBUG"] = namespaces;
  enableDebug(namespaces);
}

/** Applies the new value, because other code may have loaded the package `debug` already, with the old value of `DEBUG`. */
function enableDebug(namespaces: string): void {
  const debug = loadAxiosDebug();
  if (typeof debug === "function" && "enable" in debug && typeof debug.enable === "function") {
    Reflect.apply(debug.enable, debug, [namespaces]);
  }
}

function loadAxiosDebug(): unknown {
  try {
    const fromAxios = createRequire(createRequire(__filename).resolve("axios/package.json"));
    return createRequire(fromAxios.resolve("https-proxy-agent"))("debug");
  } catch {
    // A version of axios without these packages prints nothing.
    return undefined;
  }
}
