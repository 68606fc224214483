import { createRequire } from "node:module";

/**
 * With `DEBUG=*` the proxy agents below axios print the proxy's user and password, and each request's query, which holds
 * the keys with `auth: query`. This module takes them out of that output. It must be loaded before axios.
 */
const EXCLUDED = ["https-proxy-agent*", "agent-base*", "follow-redirects*"];

if (process.env["DEBUG"] !== undefined && process.env["DEBUG"] !== "") {
  const namespaces = [process.env["DEBUG"], ...EXCLUDED.map((name) => `-${name}`)].join(",");
  process.env["DEBUG"] = namespaces;
  enable(namespaces);
}

/** Something else in this process may have loaded the package `debug` before, and with it the variable's value. */
function enable(namespaces: string): void {
  const debug = loadDebugOfAxios();
  if (typeof debug === "function" && "enable" in debug && typeof debug.enable === "function") {
    Reflect.apply(debug.enable, debug, [namespaces]);
  }
}

function loadDebugOfAxios(): unknown {
  try {
    const fromAxios = createRequire(createRequire(__filename).resolve("axios/package.json"));
    return createRequire(fromAxios.resolve("https-proxy-agent"))("debug");
  } catch {
    // A version of axios without these agents prints nothing either.
    return undefined;
  }
}
