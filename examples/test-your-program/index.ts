import { getOrganizationOutput, OrgConnection } from "pulumi-datadog-org-connections";

const hub = getOrganizationOutput({ name: "Acme Observability" });

export const toHub = new OrgConnection("payments-to-hub", {
  sinkOrgId: hub.id,
  connectionTypes: ["logs", "metrics"],
  reason: "SEC-1234",
});
