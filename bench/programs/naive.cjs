// A dynamic provider as described in Pulumi's documentation: a class of short methods, with its code
// serialized into every resource and one API call per method. It is only for measurement and not safe: it
// accepts every 404, and reads only the first page.
const pulumi = require("@pulumi/pulumi");
const { connections, types } = require("./workload.cjs");

const provider = {
  async check(olds, news) {
    return { inputs: news };
  },
  async diff(id, olds, news) {
    const replaces = olds.sinkOrgId === news.sinkOrgId ? [] : ["sinkOrgId"];
    const changed = JSON.stringify(olds.connectionTypes) !== JSON.stringify(news.connectionTypes);
    return { changes: changed || replaces.length > 0, replaces };
  },
  async create(inputs) {
    const data = {
      type: "org_connection",
      attributes: { connection_types: inputs.connectionTypes },
      relationships: { sink_org: { data: { type: "orgs", id: inputs.sinkOrgId } } },
    };
    const response = await sendRequest("post", "", { data });
    return {
      id: response.data.data.id,
      outs: { ...inputs, createdAt: response.data.data.attributes.created_at },
    };
  },
  async read(id, props) {
    const response = await sendRequest("get", "?limit=1000");
    const found = response.data.data.find((row) => row.id === id);
    if (!found) return {};
    return { id, props: { ...props, connectionTypes: found.attributes.connection_types } };
  },
  async update(id, olds, news) {
    const data = { type: "org_connection", id, attributes: { connection_types: news.connectionTypes } };
    await sendRequest("patch", `/${id}`, { data });
    return { outs: { ...olds, ...news } };
  },
  async delete(id) {
    await sendRequest("delete", `/${id}`);
  },
};

async function sendRequest(method, path, data) {
  const axios = require("axios");
  return axios.request({
    method,
    url: `${process.env.DD_HOST}/api/v2/org_connections${path}`,
    headers: { "DD-API-KEY": process.env.DD_API_KEY, "DD-APPLICATION-KEY": process.env.DD_APP_KEY },
    data,
  });
}

class NaiveOrgConnection extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(provider, name, { createdAt: undefined, ...props }, opts);
  }
}

for (const { name, sinkOrgId } of connections) {
  new NaiveOrgConnection(name, { sinkOrgId, connectionTypes: types });
}
