import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { computeTraffic } from "./traffic.mjs";
import { addInterruptCleanup } from "../tools/on-interrupt.mjs";

// Runs the sandbox in a separate process, so that it shares its event loop with neither the benchmark nor the
// measured program.

/**
 * @typedef {object} Server
 * @property {Record<string, string>} env its address, and the keys of the source organization
 * @property {() => Promise<void>} reset deletes all connections and clears the log
 * @property {() => Promise<import("./traffic.mjs").Traffic>} traffic since the last call
 * @property {() => Promise<number>} live the count of connections
 * @property {() => void} stop
 */

/**
 * @param {{ sinks: number, latencyMs: number }} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)]);
  const stop = () => void child.kill();
  const forget = addInterruptCleanup(stop);
  /** @param {string} question @returns {Promise<any>} */
  const sendQuestion = (question) =>
    new Promise((resolve, reject) => {
      const handleExit = () => reject(new Error("the sandbox of the benchmark has exited"));
      child.once("exit", handleExit);
      child.once("message", (response) => {
        child.off("exit", handleExit);
        resolve(response);
      });
      child.send(question);
    });
  const env = await sendQuestion("env");
  return {
    env,
    reset: () => sendQuestion("reset"),
    traffic: () => sendQuestion("traffic"),
    live: () => sendQuestion("live"),
    stop: () => {
      forget();
      stop();
    },
  };
}

/** @param {{ sinks: number, latencyMs: number }} options */
async function runServer({ sinks, latencyMs }) {
  const { createSeed, startSandbox } = await import("datadog-org-connections-sandbox");
  const sandbox = await startSandbox({ seed: createSeed({ sources: sinks }), latencyMs });
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  /** @type {Record<string, () => unknown>} */
  const responses = {
    env: () => ({ DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey }),
    reset: () => sandbox.reset() ?? null,
    traffic: () => {
      const traffic = computeTraffic(sandbox.requests);
      sandbox.clearRequests();
      return traffic;
    },
    live: () => sandbox.listConnections().length,
  };
  process.on("message", (question) => process.send?.(responses[String(question)]?.() ?? null));
  process.on("disconnect", () => process.exit());
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  await runServer(JSON.parse(process.argv[2] ?? "{}"));
}
