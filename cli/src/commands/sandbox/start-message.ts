import { escapeInvisible } from "datadog-org-connections-core/api/escape-text.js";
import { renderTable } from "../../shared/table.js";
import type { SandboxOrganization } from "datadog-org-connections-sandbox";

/** Formats the message that `datadog-org-connections sandbox` prints after its start. */
export function formatStartMessage(url: string, organizations: readonly SandboxOrganization[]): string {
  const rows = organizations.map((organization) =>
    [
      organization.key,
      organization.id,
      organization.apiKey,
      organization.appKey,
      organization.account,
      describeLimits(organization),
    ].map(escapeInvisible),
  );
  const example = organizations.find(({ key }) => key === "payments") ?? organizations[0];
  return [
    `The sandbox listens on ${url} (press Ctrl-C to stop it). Its keys are made up and work nowhere else.`,
    "",
    renderTable(["ORGANIZATION", "ID", "API KEY", "APPLICATION KEY", "ACCOUNT", "LIMITS"], rows),
    "",
    ...(example
      ? [
          `To use the credentials of ${example.key}:`,
          "",
          `  export DD_HOST=${url}`,
          `  export DD_API_KEY=${example.apiKey}`,
          `  export DD_APP_KEY=${example.appKey}`,
          "",
        ]
      : []),
    `To see the sandbox's connections and requests: curl ${url}/_sandbox/connections ${url}/_sandbox/requests`,
    "",
  ].join("\n");
}

function describeLimits({ disabled, feature, permissions }: SandboxOrganization): string {
  const write = permissions.includes("org_connections_write") || permissions.includes("org_management");
  return [disabled && "disabled", !feature && "cross-organization visibility off", !write && "read only"]
    .filter(Boolean)
    .join(", ");
}
