import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { formatArgument, formatCount } from "../../shared/text.js";
import { renderTable } from "../../shared/table.js";
import type { SandboxOrganization } from "datadog-org-connections-sandbox";

/** Formats the message that `datadog-org-connections sandbox` prints after its start. */
export function formatStartMessage(url: string, organizations: readonly SandboxOrganization[]): string {
  const rows = organizations.map((organization) =>
    [
      organization.name,
      organization.key,
      organization.id,
      organization.apiKey,
      organization.appKey,
      organization.account,
      describeLimits(organization),
    ].map(escapeInvisible),
  );
  return [
    `The sandbox listens on ${url} (press Ctrl-C to stop it). Its credentials are made up and work nowhere else.`,
    "",
    renderTable(["NAME", "SHORT NAME", "ID", "API KEY", "APPLICATION KEY", "ACCOUNT", "LIMITS"], rows),
    "",
    ...formatExamples(url, organizations),
    `To see the sandbox's connections and requests: curl ${url}/_sandbox/connections ${url}/_sandbox/requests`,
    "",
  ].join("\n");
}

/** Formats examples with a source and, if another organization can receive the source's data, with a destination. */
function formatExamples(url: string, organizations: readonly SandboxOrganization[]): string[] {
  const source = organizations.find(({ key }) => key === "payments") ?? organizations[0];
  if (!source) return [];
  const sink = organizations.find(
    ({ key, account, disabled }) => key !== source.key && account === source.account && !disabled,
  );
  const { name, apiKey, appKey, bearerToken } = source;
  return [
    escapeInvisible(`To use the credentials of ${name}:`),
    ...formatCommands(`export DD_HOST=${url}`, `export DD_API_KEY=${apiKey}`, `export DD_APP_KEY=${appKey}`),
    escapeInvisible(`Or use its bearer token instead of both keys: DD_BEARER_TOKEN=${bearerToken}`),
    "",
    ...(sink
      ? [
          "A program uses the name of an organization, and requests to /_sandbox/ use its short name:",
          ...formatCommands(
            `const { id } = await getOrganization({ name: ${JSON.stringify(sink.name)} });`,
            `curl ${url}/_sandbox/connect -d ${formatArgument(JSON.stringify({ source: source.key, sink: sink.key }))}`,
          ),
        ]
      : []),
  ];
}

const formatCommands = (...commands: string[]): string[] => [
  "",
  ...commands.map((command) => `  ${escapeInvisible(command)}`),
  "",
];

/** Describes the limits of an organization, such as `disabled` or `read only`. Empty if it has none. */
function describeLimits({ disabled, feature, maxDestinations, permissions }: SandboxOrganization): string {
  return [
    disabled && "disabled",
    !feature && "cross-organization visibility disabled",
    maxDestinations !== undefined && `at most ${formatCount(maxDestinations, "destination")}`,
    describeAccess(permissions),
  ]
    .filter(Boolean)
    .join(", ");
}

/** Describes the permissions. Empty if they allow reading and writing. `org_management` alone allows both. */
function describeAccess(permissions: readonly string[]): string {
  const canManage = permissions.includes("org_management");
  const canRead = canManage || permissions.includes("org_connections_read");
  const canWrite = canManage || permissions.includes("org_connections_write");
  if (canRead) return canWrite ? "" : "read only";
  return canWrite ? "write only" : "no permission";
}
