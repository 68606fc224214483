// One resource per connection.
const { OrgConnection } = require("pulumi-datadog-org-connections");
const { numbers, sink, types } = require("./plan.cjs");

for (const number of numbers) {
  new OrgConnection(`to-${number}`, { sinkOrgId: sink(number), connectionTypes: types });
}
