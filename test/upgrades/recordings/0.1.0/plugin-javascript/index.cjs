const pulumi = require("@pulumi/pulumi");

// The classes that the generated SDK has.
class Provider extends pulumi.ProviderResource {
  constructor(name, args) {
    super("datadog-org-connections", name, args);
  }
}
class OrgConnection extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("datadog-org-connections:index:OrgConnection", name, args, options);
  }
}
class OrgConnectionSet extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("datadog-org-connections:index:OrgConnectionSet", name, args, options);
  }
}

const observability = "aaaaaaaa-0001-4000-8000-000000000001";
const security = "aaaaaaaa-0002-4000-8000-000000000002";

const provider = new Provider("source-1", {
  apiKey: pulumi.secret(process.env.SOURCE_1_API_KEY),
  appKey: pulumi.secret(process.env.SOURCE_1_APP_KEY),
  url: process.env.DD_HOST,
});
new OrgConnection("default", { sinkOrgId: observability, connectionTypes: ["logs", "metrics"] });
new OrgConnection("unspecified", { sinkOrgId: security });
new OrgConnection(
  "explicit-provider",
  { sinkOrgId: observability, connectionTypes: ["logs", "metrics"], reason: "SEC-1234" },
  { provider },
);
new OrgConnection("adopted", {
  source: "source-2",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
  adopt: true,
});
new OrgConnection("updated", {
  source: "source-3",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
});
new OrgConnection("refreshed", { source: "source-3", sinkOrgId: security, connectionTypes: ["audit"] });
new OrgConnection(
  "imported",
  { source: "source-4", sinkOrgId: observability, connectionTypes: ["logs", "metrics"] },
  { import: "dddddddd-0000-4000-8000-000000000002" },
);
new OrgConnection("view", { source: "source-5" }, { id: "dddddddd-0000-4000-8000-000000000003" });
new OrgConnectionSet("set", {
  source: "source-6",
  connections: { [observability]: ["logs", "metrics"], [security]: ["audit"] },
  reason: "SEC-1234",
});
new OrgConnectionSet("adopted-set", {
  source: "source-7",
  connections: { [observability]: ["logs", "metrics"] },
  adopt: true,
});
new OrgConnectionSet("exclusive-set", {
  source: "source-8",
  connections: { [observability]: ["logs", "metrics"] },
  exclusive: true,
});
