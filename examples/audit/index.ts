import { OrgConnection, OrgConnectionSet } from "pulumi-datadog-org-connections";

const observability = "aaaaaaaa-0001-4000-8000-000000000001";
const security = "aaaaaaaa-0002-4000-8000-000000000002";

// Other connections of Acme Checkout are only reported.
new OrgConnection("checkout-to-observability", {
  source: "checkout",
  sinkOrgId: observability,
  connectionTypes: ["logs"],
});

// Other connections of Acme Payments are deleted.
new OrgConnectionSet("payments", {
  source: "payments",
  connections: { [observability]: ["logs", "metrics"], [security]: ["audit"] },
  exclusive: true,
  reason: "SEC-1234",
});
