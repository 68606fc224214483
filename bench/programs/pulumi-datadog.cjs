// The official Pulumi package, one resource per connection.
const datadog = require("@pulumi/datadog");
const { numbers, sink, types } = require("./plan.cjs");

const provider = new datadog.Provider("datadog", {
  apiUrl: process.env.DD_HOST,
  apiKey: process.env.DD_API_KEY,
  appKey: process.env.DD_APP_KEY,
  validate: "false",
});
for (const number of numbers) {
  new datadog.OrgConnection(
    `to-${number}`,
    { sinkOrgId: sink(number), connectionTypes: types },
    { provider },
  );
}
