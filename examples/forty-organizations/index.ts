import { OrgConnection } from "pulumi-datadog-org-connections";
import sources from "./sources.json";

const hub = "aaaaaaaa-0001-4000-8000-000000000001"; // Acme Observability

for (const source of sources) {
  new OrgConnection(`${source}-to-hub`, { source, sinkOrgId: hub, connectionTypes: ["logs", "metrics"] });
}
