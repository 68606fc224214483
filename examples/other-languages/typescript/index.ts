import * as datadog from "pulumi-datadog-org-connections-sdk";

const hub = datadog.getOrganizationOutput({ name: "Acme Observability", source: "payments" });

new datadog.OrgConnection("payments-to-hub", {
  source: "payments",
  sinkOrgId: hub.id,
  connectionTypes: ["logs", "metrics"],
});

new datadog.OrgConnectionSet("checkout", {
  source: "checkout",
  connections: hub.id.apply((id) => ({ [id]: ["logs"] })),
});
