import { escapeXml } from "./drawn-text.js";
import type { Topology, TopologyConnection } from "../../topology/topology.js";
import { isManaged } from "../../topology/group-topology.js";
import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";

/**
 * Renders the table below the map, with one row for each connection. Without connections, renders a sentence. The table is also for
 * print and assistive technology.
 */
export function renderConnectionTable(topology: Topology): string {
  const { organizations, connections } = topology;
  if (connections.length === 0) return "<p>There are no connections.</p>";
  const names = new Map(organizations.map(({ id, name }) => [id, name] as const));
  // The script of the page fills in the age.
  const rows = connections.map((connection, index) => {
    const formatName = (id: string) => `<bdi>${escapeXml(names.get(id) ?? id)}</bdi>`;
    const created = (connection.createdAt ?? "").slice(0, 10);
    return [
      `<tr data-connection="${index}"><th scope="row">${formatName(connection.sourceOrgId)}</th><td>${formatName(connection.sinkOrgId)}</td>`,
      `<td>${escapeXml(formatTypes(connection.connectionTypes))}</td>`,
      `<td>${created === "" ? "" : `<time datetime="${escapeXml(connection.createdAt ?? "")}">${escapeXml(created)}</time>`}</td>`,
      `<td class="age" data-created-at="${escapeXml(connection.createdAt ?? "")}"></td>`,
      `<td><bdi>${escapeXml(connection.createdBy ?? "")}</bdi></td>`,
      `<td>${renderManagedCell(connection, topology)}</td><td class="id">${escapeXml(connection.id ?? "")}</td></tr>`,
    ].join("");
  });
  const headings = [
    "Source",
    "Destination",
    "Types",
    "Created",
    "Age",
    "Creator",
    "Managed by",
    "Connection ID",
  ];
  return `<div class="table"><table>
<thead><tr>${headings.map((heading) => `<th scope="col">${heading}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function renderManagedCell(connection: TopologyConnection, topology: Topology): string {
  const managed = isManaged(connection, topology);
  if (managed === undefined) return "";
  if (!managed) return `<span class="warn">unmanaged</span>`;
  return `<bdi>${escapeXml((connection.managedBy ?? []).join(", "))}</bdi>`;
}
