import { OrgConnection } from "pulumi-datadog-org-connections";
import { members } from "./members";

for (const source of Object.keys(members)) {
  for (const [destination, sinkOrgId] of Object.entries(members)) {
    if (destination === source) continue;
    new OrgConnection(`${source}-to-${destination}`, {
      source,
      sinkOrgId,
      connectionTypes: ["logs", "metrics"],
    });
  }
}
