import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { trafficOf } from "./traffic.mjs";
import { onInterrupt } from "../tools/on-interrupt.mjs";

// The sandbox in a process of its own, so that neither the measuring nor what is measured shares its event loop.

/**
 * @typedef {object} Server
 * @property {Record<string, string>} env where it is, and the keys of the sharing organization
 * @property {() => Promise<void>} reset no connections, an empty log
 * @property {() => Promise<import("./traffic.mjs").Traffic>} traffic since the last time it was asked
 * @property {() => Promise<number>} live how many connections there are
 * @property {() => void} stop
 */

/**
 * @param {{ sinks: number, latencyMs: number }} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)]);
  const stop = () => void child.kill();
  const forget = onInterrupt(stop);
  /** @param {string} question @returns {Promise<any>} */
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error("the sandbox of the benchmark has ended"));
      child.once("exit", ended);
      child.once("message", (answer) => {
        child.off("exit", ended);
        resolve(answer);
      });
      child.send(question);
    });
  const env = await ask("env");
  return {
    env,
    reset: () => ask("reset"),
    traffic: () => ask("traffic"),
    live: () => ask("live"),
    stop: () => {
      forget();
      stop();
    },
  };
}

/** @param {{ sinks: number, latencyMs: number }} options */
async function serve({ sinks, latencyMs }) {
  const { seedWith, startSandbox } = await import("datadog-org-connections-sandbox");
  const sandbox = await startSandbox({ seed: seedWith({ sources: sinks }), latencyMs });
  const { apiKey, appKey } = sandbox.organization("payments");
  /** @type {Record<string, () => unknown>} */
  const answers = {
    env: () => ({ DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey }),
    reset: () => sandbox.reset() ?? null,
    traffic: () => {
      const traffic = trafficOf(sandbox.requests);
      sandbox.clearRequests();
      return traffic;
    },
    live: () => sandbox.connections().length,
  };
  process.on("message", (question) => process.send?.(answers[String(question)]?.() ?? null));
  process.on("disconnect", () => process.exit());
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(JSON.parse(process.argv[2] ?? "{}"));
}
