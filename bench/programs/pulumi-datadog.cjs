// The official Pulumi package: one resource per connection, one explicit provider per pair of keys. These two
// modules are all that the program needs; the complete package loads the same ones lazily.
const { OrgConnection } = require("@pulumi/datadog/orgConnection");
const { Provider } = require("@pulumi/datadog/provider");
const { connections, types } = require("./workload.cjs");

const providers = new Map();
for (const { name, sinkOrgId, apiKey, appKey } of connections) {
  const provider =
    providers.get(apiKey) ??
    new Provider(`of-${name}`, { apiUrl: process.env.DD_HOST, apiKey, appKey, validate: "false" });
  providers.set(apiKey, provider);
  new OrgConnection(name, { sinkOrgId, connectionTypes: types }, { provider });
}
