// An alternative to index.ts: one resource for each organization.
import { OrgConnectionSet } from "pulumi-datadog-org-connections";
import { members } from "./members";

for (const source of Object.keys(members)) {
  const others = Object.entries(members).filter(([name]) => name !== source);
  const connections = Object.fromEntries(others.map(([, id]) => [id, ["logs", "metrics"]]));
  new OrgConnectionSet(source, { source, connections });
}
