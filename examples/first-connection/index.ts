import { OrgConnection } from "pulumi-datadog-org-connections";

new OrgConnection("payments-to-observability", {
  sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001", // Acme Observability
  connectionTypes: ["logs", "metrics"],
});
