// Single files are imported because the SDK's index loads more than this program uses. See docs/explanation/scale.md, "Small stacks".
import { Config } from "@pulumi/pulumi/config";
import { info } from "@pulumi/pulumi/log";
import { getOrganizationOutput, getOrganizations, OrgConnection } from "pulumi-datadog-org-connections";

/** `pulumi config set --path 'share.hub.sink' Observability` and `--path 'share.hub.types[0]' logs` add one. */
const share = new Config().getObject<Record<string, { sink: string; types: string[] }>>("share") ?? {};

for (const [name, { sink, types }] of Object.entries(share)) {
  new OrgConnection(name, { sinkOrgId: getOrganizationOutput({ name: sink }).id, connectionTypes: types });
}

if (Object.keys(share).length === 0) {
  void getOrganizations().then((all) => {
    const names = all.map(({ name }) => name).sort();
    return info(`Nothing is shared yet. Organizations to choose from: ${names.join(", ")}.`);
  });
}
