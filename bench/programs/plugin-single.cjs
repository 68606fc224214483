// One resource of the plugin per connection.
const pulumi = require("@pulumi/pulumi");
const { connections, types } = require("./workload.cjs");

const outputs = { sourceOrgId: undefined, sourceOrgName: undefined, sinkOrgName: undefined };

class OrgConnection extends pulumi.CustomResource {
  constructor(name, args) {
    const all = { ...outputs, createdAt: undefined, createdBy: undefined, ...args };
    super("datadog-org-connections:index:OrgConnection", name, all);
  }
}

for (const { name, source, sinkOrgId } of connections) {
  new OrgConnection(name, { source, sinkOrgId, connectionTypes: types });
}
