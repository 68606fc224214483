// An alternative to index.ts: only the listed pairs.
import { type ConnectionType, OrgConnection } from "pulumi-datadog-org-connections";
import { members } from "./members";

type Member = keyof typeof members;

/** Which member shares what with which other members. */
const shares: { source: Member; destinations: Member[]; types: ConnectionType[] }[] = [
  { source: "payments", destinations: ["checkout", "search"], types: ["logs", "metrics"] },
  { source: "checkout", destinations: ["payments"], types: ["logs"] },
];

for (const { source, destinations, types } of shares) {
  for (const destination of destinations)
    new OrgConnection(`${source}-to-${destination}`, {
      source,
      sinkOrgId: members[destination],
      connectionTypes: types,
    });
}
