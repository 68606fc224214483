import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { computeTraffic } from "./traffic.mjs";
import { isHub } from "./workloads.mjs";
import { addInterruptCleanup } from "../tools/run-command.mjs";

// Runs the sandbox in a separate process, so that it shares its event loop with neither the benchmark nor the
// measured program.

/**
 * @typedef {object} Server
 * @property {Record<string, string>} env its address, and the keys of each source organization
 * @property {() => Promise<void>} reset deletes all connections and clears the log
 * @property {() => Promise<import("./traffic.mjs").Traffic>} traffic since the last call
 * @property {() => Promise<number>} live the count of connections
 * @property {() => void} stop
 */

/** @typedef {{ workload: import("./workloads.mjs").Workload, count: number, latencyMs: number }} Options */

/** @param {Options} options @returns {Promise<Server>} */
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

/**
 * Creates a seed with `source-1`, `source-2` and so on: the sources of a hub, or the destinations of one source.
 * @param {Options} options
 */
async function createServerSeed({ workload, count }) {
  const { createSeed } = await import("datadog-org-connections-sandbox");
  const seed = createSeed({ sources: count });
  const listsAllOrganizations = workload !== "hub";
  const accounts = seed.accounts.map(({ name, organizations }) => ({
    name,
    organizations: organizations.map((organization) => ({ ...organization, listsAllOrganizations })),
  }));
  return { ...seed, accounts };
}

/**
 * @param {import("datadog-org-connections-sandbox").Sandbox} sandbox
 * @param {Options} options
 * @returns {Record<string, string>}
 */
function createEnv(sandbox, { workload, count }) {
  const address = { DD_HOST: sandbox.url };
  if (!isHub(workload)) {
    const { apiKey, appKey } = sandbox.getOrganization("payments");
    return { ...address, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
  }
  const keys = Array.from({ length: count }, (_, index) => {
    const { apiKey, appKey } = sandbox.getOrganization(`source-${index + 1}`);
    return [
      [`DD_API_KEY__SOURCE_${index + 1}`, apiKey],
      [`DD_APP_KEY__SOURCE_${index + 1}`, appKey],
    ];
  });
  return { ...address, ...Object.fromEntries(keys.flat()) };
}

/** @param {Options} options */
async function runServer(options) {
  const { startSandbox } = await import("datadog-org-connections-sandbox");
  const sandbox = await startSandbox({
    seed: await createServerSeed(options),
    latencyMs: options.latencyMs,
  });
  /** @type {Record<string, () => unknown>} */
  const responses = {
    env: () => createEnv(sandbox, options),
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
