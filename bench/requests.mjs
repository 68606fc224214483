import axios from "axios";
import { Agent } from "node:http";
import { createRequire } from "node:module";

// Only the requests of one operation, from a simple loop with 32 concurrent requests and keep-alive sockets.
// Their time is the minimum for any tool with the same traffic.
const concurrent = 32;
const { connections, types } = createRequire(import.meta.url)("./programs/workload.cjs");
const httpAgent = new Agent({ keepAlive: true, maxSockets: concurrent });

/** One client per pair of keys. @type {Map<string, import("axios").AxiosInstance>} */
const clients = new Map();
for (const { apiKey, appKey } of connections) {
  if (clients.has(apiKey)) continue;
  const headers = { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey };
  const baseURL = `${process.env["DD_HOST"]}/api/v2/org_connections`;
  clients.set(apiKey, axios.create({ baseURL, headers, httpAgent }));
}

/** @param {any[]} items @param {(item: any) => Promise<unknown>} work */
async function runConcurrently(items, work) {
  const queue = items.values();
  const runWorker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: concurrent }, runWorker));
}

/**
 * Lists the live connections of each organization.
 * @returns {Promise<{ client: import("axios").AxiosInstance, id: string }[]>}
 */
async function listConnections() {
  /** @type {{ client: import("axios").AxiosInstance, id: string }[]} */
  const found = [];
  await runConcurrently([...clients.values()], async (client) => {
    let listed = 0;
    for (let total = 1; listed < total;) {
      const { data } = await client.get("", { params: { limit: 1000, offset: listed } });
      found.push(...data.data.map((/** @type {{ id: string }} */ { id }) => ({ client, id })));
      listed += data.data.length;
      total = data.meta.page.total_count;
    }
  });
  return found;
}

/** @type {Record<string, () => Promise<unknown>>} */
const operations = {
  preview: async () => undefined,
  create: () =>
    runConcurrently(connections, ({ apiKey, sinkOrgId }) =>
      /** @type {import("axios").AxiosInstance} */ (clients.get(apiKey)).post("", {
        data: {
          type: "org_connection",
          attributes: { connection_types: types },
          relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
        },
      }),
    ),
  "no-op": async () => undefined,
  refresh: listConnections,
  change: async () =>
    runConcurrently(await listConnections(), ({ client, id }) =>
      client.patch(`/${id}`, {
        data: { type: "org_connection", id, attributes: { connection_types: types } },
      }),
    ),
  destroy: async () => runConcurrently(await listConnections(), ({ client, id }) => client.delete(`/${id}`)),
};

await operations[process.argv[2] ?? ""]?.();
httpAgent.destroy();
