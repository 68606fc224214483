import { Config } from "@pulumi/pulumi/config";
import { OrgConnection } from "pulumi-datadog-org-connections";

const hub = "aaaaaaaa-0001-4000-8000-000000000001"; // Acme Observability
const organizations = new Config("datadog-org-connections").requireObject<object>("organizations");

for (const source of Object.keys(organizations)) {
  new OrgConnection(`${source}-to-hub`, { source, sinkOrgId: hub, connectionTypes: ["logs", "metrics"] });
}
