/**
 * What the systems manage.
 * - `hub`: N source organizations, each with its own credentials and one connection to the same hub. Its
 *   credentials list no other organization.
 * - `hub-all`: the same, but all credentials list all organizations, as those of a parent organization do.
 * - `one-source`: N connections of one source organization.
 * @typedef {"hub" | "hub-all" | "one-source"} Workload
 */

/** In the order of the report. */
export const workloads = /** @type {const} */ (["hub", "hub-all", "one-source"]);

/** @param {Workload} workload */
export const isHub = (workload) => workload !== "one-source";

/** Returns what the size of a workload counts. @param {Workload} workload */
export const getUnit = (workload) => (isHub(workload) ? "organizations" : "connections");

/** @param {{ workload: Workload, count: number, latencyMs: number }} size */
export function formatSize({ workload, count, latencyMs }) {
  const visible = workload === "hub-all" ? ", with credentials that list all" : "";
  const latency = latencyMs > 0 ? `, each response after ${latencyMs} ms` : "";
  return `${count.toLocaleString("en-US")} ${getUnit(workload)}${visible}${latency}`;
}
