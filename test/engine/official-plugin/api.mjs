// The requests that the official provider sends, and the properties that it stores.

/** @typedef {Record<string, any>} Properties */

/**
 * @param {Properties} config of the provider: `apiUrl`, `apiKey`, `appKey`
 * @param {string} method
 * @param {string} id of a connection, or ""
 * @param {unknown} [body]
 * @returns {Promise<any>} the body of the response
 */
async function send({ apiUrl, apiKey, appKey }, method, id, body) {
  const url = new URL(`/api/v2/org_connections${id === "" ? "" : `/${id}`}`, apiUrl);
  const headers = { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey, "Content-Type": "application/json" };
  const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  // The official provider treats a missing connection as deleted.
  if (method === "DELETE" && response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(`${method} org_connections: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** @param {Properties} config @param {Properties} inputs @returns {Promise<Properties>} */
export async function createConnection(config, { connectionTypes, sinkOrgId }) {
  const { data } = await send(config, "POST", "", {
    data: {
      type: "org_connection",
      attributes: { connection_types: connectionTypes },
      relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
    },
  });
  const { source_org: source, sink_org: sink, created_by: creator } = data.relationships;
  return {
    __pulumi_raw_state_delta: { obj: { ps: { connectionTypes: { arr: {} } } } },
    connectionTypes,
    createdAt: `${data.attributes.created_at.slice(0, 19)}Z`,
    createdBy: creator.data.id,
    id: data.id,
    sinkOrgId,
    sinkOrgName: sink.data.name,
    sourceOrgId: source.data.id,
    sourceOrgName: source.data.name,
  };
}

/** @param {Properties} config @param {string} id @param {string[]} connectionTypes */
export const updateConnection = (config, id, connectionTypes) =>
  send(config, "PATCH", id, {
    data: { type: "org_connection", id, attributes: { connection_types: connectionTypes } },
  });

/** @param {Properties} config @param {string} id */
export const deleteConnection = (config, id) => send(config, "DELETE", id);
