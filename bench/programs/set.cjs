// One resource for all connections.
const { OrgConnectionSet } = require("pulumi-datadog-org-connections");
const { connections, types } = require("./workload.cjs");

new OrgConnectionSet("all", {
  connections: Object.fromEntries(connections.map(({ sinkOrgId }) => [sinkOrgId, types])),
});
