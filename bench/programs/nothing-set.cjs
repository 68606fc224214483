// The baseline of `set.cjs`: one resource with the same inputs and outputs, with a provider that does
// nothing.
const pulumi = require("@pulumi/pulumi");
const { connections, types } = require("./workload.cjs");

const line = `module.exports=require(${JSON.stringify(require.resolve("./nothing-set-host.cjs"))})`;

class NothingSet extends pulumi.CustomResource {
  constructor(name, args) {
    const all = {
      members: undefined,
      sourceOrgId: undefined,
      sourceOrgName: undefined,
      ...args,
      __provider: line,
    };
    super("pulumi-nodejs:dynamic/bench:NothingSet", name, all);
  }
}

new NothingSet("all", {
  connections: Object.fromEntries(connections.map(({ sinkOrgId }) => [sinkOrgId, types])),
});
