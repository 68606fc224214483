// The baseline of `single.cjs`: as many resources with the same inputs and outputs, with a provider that does
// nothing.
const pulumi = require("@pulumi/pulumi");
const { connections, types } = require("./workload.cjs");

const outputs = { sourceOrgId: undefined, sourceOrgName: undefined, sinkOrgName: undefined };
const line = `module.exports=require(${JSON.stringify(require.resolve("./nothing-host.cjs"))})`;

class Nothing extends pulumi.CustomResource {
  constructor(name, args) {
    const all = { ...outputs, createdAt: undefined, createdBy: undefined, ...args, __provider: line };
    super("pulumi-nodejs:dynamic/bench:Nothing", name, all);
  }
}

for (const { name, source, sinkOrgId } of connections) {
  new Nothing(name, { source, sinkOrgId, connectionTypes: types });
}
