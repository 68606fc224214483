import { OrgConnection } from "pulumi-datadog-org-connections";

const hub = "aaaaaaaa-0001-4000-8000-000000000001";

for (const source of ["payments", "checkout"]) {
  new OrgConnection(
    `${source}-to-hub`,
    { source, sinkOrgId: hub, connectionTypes: ["logs", "metrics"] },
    // Two connections of one pair cannot exist at the same time.
    { deleteBeforeReplace: true },
  );
}
