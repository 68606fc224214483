const pulumi = require("@pulumi/pulumi");
const { OrgConnectionSet } = require("pulumi-datadog-org-connections");

// Of the plugin, as the generated SDK has it.
class PluginSet extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("datadog-org-connections:index:OrgConnectionSet", name, args, options);
  }
}

const observability = "aaaaaaaa-0001-4000-8000-000000000001";

new OrgConnectionSet("dynamic", {
  connections: { [observability]: ["logs", "metrics"] },
  exclusive: true,
});
new PluginSet("plugin", {
  source: "source-1",
  connections: { [observability]: ["logs", "metrics"] },
  exclusive: true,
});
