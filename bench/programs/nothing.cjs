// The baseline of `single.cjs`: as many resources with the same inputs and outputs, with a provider that does
// nothing.
const pulumi = require("@pulumi/pulumi");
const { numbers, sink, types } = require("./plan.cjs");

const outputs = { sourceOrgId: undefined, sourceOrgName: undefined, sinkOrgName: undefined };
const line = `module.exports=require(${JSON.stringify(require.resolve("./nothing-host.cjs"))})`;

class Nothing extends pulumi.CustomResource {
  constructor(name, args) {
    const all = { ...outputs, createdAt: undefined, createdBy: undefined, ...args, __provider: line };
    super("pulumi-nodejs:dynamic/bench:Nothing", name, all);
  }
}

for (const number of numbers)
  new Nothing(`to-${number}`, { sinkOrgId: sink(number), connectionTypes: types });
