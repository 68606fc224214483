import axios from "axios";
import { Agent } from "node:http";
import { createRequire } from "node:module";

// The requests alone: what one operation must send, from a bare loop with 32 in flight and sockets that are kept. How
// long that takes is the least that any tool needs for the same traffic.
const inFlight = 32;
const { numbers, sink, types } = createRequire(import.meta.url)("./programs/plan.cjs");
const client = axios.create({
  baseURL: `${process.env["DD_HOST"]}/api/v2/org_connections`,
  headers: { "DD-API-KEY": process.env["DD_API_KEY"], "DD-APPLICATION-KEY": process.env["DD_APP_KEY"] },
  httpAgent: new Agent({ keepAlive: true, maxSockets: inFlight }),
});

/** @param {(item: any) => Promise<unknown>} work @param {any[]} items */
async function each(items, work) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** @returns {Promise<string[]>} the ids of all live connections */
async function list() {
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
    each(numbers, (number) =>
      client.post("", {
        data: {
          type: "org_connection",
          attributes: { connection_types: types },
          relationships: { sink_org: { data: { type: "orgs", id: sink(number) } } },
        },
      }),
    ),
  "no-op": async () => undefined,
  refresh: list,
  change: async () =>
    each(await list(), (id) =>
      client.patch(`/${id}`, {
        data: { type: "org_connection", id, attributes: { connection_types: types } },
      }),
    ),
  destroy: async () => each(await list(), (id) => client.delete(`/${id}`)),
};

await operations[process.argv[2] ?? ""]?.();
client.defaults.httpAgent.destroy();
