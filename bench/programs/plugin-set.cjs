// One resource of the plugin for all connections.
const pulumi = require("@pulumi/pulumi");
const { connections, types } = require("./workload.cjs");

class OrgConnectionSet extends pulumi.CustomResource {
  constructor(name, args) {
    super("datadog-org-connections:index:OrgConnectionSet", name, { members: undefined, ...args });
  }
}

new OrgConnectionSet("all", {
  connections: Object.fromEntries(connections.map(({ sinkOrgId }) => [sinkOrgId, types])),
});
