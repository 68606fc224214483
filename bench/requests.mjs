import axios from "axios";
import { Agent } from "node:http";
import { createRequire } from "node:module";

// Only the requests of one operation, from a simple loop with 32 concurrent requests and keep-alive sockets.
// Their time is the minimum for any tool with the same traffic.
const concurrent = 32;
const { numbers, sink, types } = createRequire(import.meta.url)("./programs/plan.cjs");
const client = axios.create({
  baseURL: `${process.env["DD_HOST"]}/api/v2/org_connections`,
  headers: { "DD-API-KEY": process.env["DD_API_KEY"], "DD-APPLICATION-KEY": process.env["DD_APP_KEY"] },
  httpAgent: new Agent({ keepAlive: true, maxSockets: concurrent }),
});

/** @param {(item: any) => Promise<unknown>} work @param {any[]} items */
async function runConcurrently(items, work) {
  const queue = items.values();
  const runWorker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: concurrent }, runWorker));
}

/** @returns {Promise<string[]>} the ids of all live connections */
async function listIds() {
  const ids = [];
  for (let offset = 0; ; offset += 1000) {
    const { data } = await client.get("", { params: { limit: 1000, offset } });
    ids.push(...data.data.map((/** @type {{ id: string }} */ row) => row.id));
    if (ids.length >= data.meta.page.total_count) return ids;
  }
}

/** @type {Record<string, () => Promise<unknown>>} */
const operations = {
  create: () =>
    runConcurrently(numbers, (number) =>
      client.post("", {
        data: {
          type: "org_connection",
          attributes: { connection_types: types },
          relationships: { sink_org: { data: { type: "orgs", id: sink(number) } } },
        },
      }),
    ),
  "no-op": async () => undefined,
  refresh: listIds,
  change: async () =>
    runConcurrently(await listIds(), (id) =>
      client.patch(`/${id}`, {
        data: { type: "org_connection", id, attributes: { connection_types: types } },
      }),
    ),
  destroy: async () => runConcurrently(await listIds(), (id) => client.delete(`/${id}`)),
};

await operations[process.argv[2] ?? ""]?.();
client.defaults.httpAgent.destroy();
