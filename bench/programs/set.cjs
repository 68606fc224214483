// One resource for all connections.
const { OrgConnectionSet } = require("pulumi-datadog-org-connections");
const { numbers, sink, types } = require("./plan.cjs");

new OrgConnectionSet("all", {
  connections: Object.fromEntries(numbers.map((number) => [sink(number), types])),
});
