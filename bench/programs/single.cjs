// One resource per connection.
const { OrgConnection } = require("pulumi-datadog-org-connections");
const { connections, types } = require("./workload.cjs");

for (const { name, source, sinkOrgId } of connections) {
  new OrgConnection(name, { source, sinkOrgId, connectionTypes: types });
}
