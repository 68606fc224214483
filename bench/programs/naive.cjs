// The provider as Pulumi's documentation of dynamic providers teaches to write it: a class of seven short methods, its
// code serialised into every resource, one call of the API for each thing the engine asks. It is here to be measured;
// it is not safe: it believes every 404, and looks at the first page only.
const pulumi = require("@pulumi/pulumi");
const { numbers, sink, types } = require("./plan.cjs");

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
    const answer = await request("post", "", { data });
    return {
      id: answer.data.data.id,
      outs: { ...inputs, createdAt: answer.data.data.attributes.created_at },
    };
  },
  async read(id, props) {
    const answer = await request("get", "?limit=1000");
    const found = answer.data.data.find((row) => row.id === id);
    if (!found) return {};
    return { id, props: { ...props, connectionTypes: found.attributes.connection_types } };
  },
  async update(id, olds, news) {
    const data = { type: "org_connection", id, attributes: { connection_types: news.connectionTypes } };
    await request("patch", `/${id}`, { data });
    return { outs: { ...olds, ...news } };
  },
  async delete(id) {
    await request("delete", `/${id}`);
  },
};

async function request(method, path, data) {
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

for (const number of numbers) {
  new NaiveOrgConnection(`to-${number}`, { sinkOrgId: sink(number), connectionTypes: types });
}
