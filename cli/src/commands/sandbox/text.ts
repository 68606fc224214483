import { escapeInvisible } from "datadog-org-connections-core/api/invisible.js";
import { renderTable } from "../../shared/table.js";
import type { SandboxOrganization } from "datadog-org-connections-sandbox";

/** What `datadog-org-connections sandbox` prints once it runs. */
export function renderSandbox(url: string, organizations: readonly SandboxOrganization[]): string {
  const rows = organizations.map((one) =>
    [one.key, one.id, one.apiKey, one.appKey, one.account, describeLimits(one)].map(escapeInvisible),
  );
  const example = organizations.find(({ key }) => key === "payments") ?? organizations[0];
  return [
    `The sandbox listens on ${url} (Ctrl-C stops it). Its keys are made up and open nothing else.`,
    "",
    renderTable(["ORGANIZATION", "ID", "API KEY", "APPLICATION KEY", "ACCOUNT", ""], rows),
    "",
    ...(example
      ? [
          `To speak for ${example.key}:`,
          "",
          `  export DD_HOST=${url}`,
          `  export DD_API_KEY=${example.apiKey}`,
          `  export DD_APP_KEY=${example.appKey}`,
          "",
        ]
      : []),
    `What happened in it: curl ${url}/_sandbox/connections and ${url}/_sandbox/requests`,
    "",
  ].join("\n");
}

function describeLimits({ disabled, feature, permissions }: SandboxOrganization): string {
  const write = permissions.includes("org_connections_write") || permissions.includes("org_management");
  return [disabled && "disabled", !feature && "feature off", !write && "read only"]
    .filter(Boolean)
    .join(", ");
}
