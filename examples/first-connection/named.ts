import { OrgConnection } from "pulumi-datadog-org-connections";

new OrgConnection("payments-to-observability", {
  source: "payments", // the credentials of this name, instead of the default ones
  sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001", // Acme Observability
  connectionTypes: ["logs", "metrics"],
  reason: "SEC-1234",
});
