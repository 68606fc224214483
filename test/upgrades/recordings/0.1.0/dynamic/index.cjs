const { OrgConnection, OrgConnectionSet } = require("pulumi-datadog-org-connections");

const observability = "aaaaaaaa-0001-4000-8000-000000000001";
const security = "aaaaaaaa-0002-4000-8000-000000000002";

new OrgConnection("default", { sinkOrgId: observability, connectionTypes: ["logs", "metrics"] });
new OrgConnection("unspecified", { sinkOrgId: security });
new OrgConnection("named", {
  source: "source-1",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
});
new OrgConnection("with-reason", {
  source: "source-1",
  sinkOrgId: security,
  connectionTypes: ["audit"],
  reason: "SEC-1234",
});
new OrgConnection("adopted", {
  source: "source-2",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
  adopt: true,
});
new OrgConnection("not-adopted", {
  source: "source-2",
  sinkOrgId: security,
  connectionTypes: ["audit"],
  adopt: false,
});
new OrgConnection("updated", {
  source: "source-3",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
});
new OrgConnection("refreshed", { source: "source-3", sinkOrgId: security, connectionTypes: ["audit"] });
// The name that `discover --format import` chooses.
new OrgConnection("source-4-to-acme-observability", {
  source: "source-4",
  sinkOrgId: observability,
  connectionTypes: ["logs", "metrics"],
});
OrgConnection.get("view", "dddddddd-0000-4000-8000-000000000003", { source: "source-5" });
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
