import * as pulumi from "@pulumi/pulumi";
import { getOrganizationOutput, getOrganizations, OrgConnection } from "pulumi-datadog-org-connections";

/** `pulumi config set --path 'share.hub.sink' Observability` and `--path 'share.hub.types[0]' logs` add one. */
const share = new pulumi.Config().getObject<Record<string, { sink: string; types: string[] }>>("share") ?? {};

for (const [name, { sink, types }] of Object.entries(share)) {
  new OrgConnection(name, { sinkOrgId: getOrganizationOutput({ name: sink }).id, connectionTypes: types });
}

/** The names to choose a sink from: every organization the keys can see. */
export const organizations = getOrganizations().then((all) => all.map(({ name }) => name).sort());
