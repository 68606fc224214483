import { escapeXml } from "./drawn-text.js";
import type { Topology, TopologyConnection } from "../../topology/topology.js";
import { isManaged } from "../../topology/units.js";
import { formatTypes } from "../../topology/words.js";

/** Every connection as a row: what the drawing shows, for those who do not see it, and for paper. */
export function tableOf(topology: Topology): string {
  const { organizations, connections } = topology;
  if (connections.length === 0) return "<p>There is none.</p>";
  const names = new Map(organizations.map(({ id, name }) => [id, name] as const));
  const rows = connections.map((one, at) => {
    const name = (id: string) => `<bdi>${escapeXml(names.get(id) ?? id)}</bdi>`;
    const created = (one.createdAt ?? "").slice(0, 10);
    return [
      `<tr data-connection="${at}"><th scope="row">${name(one.sourceOrgId)}</th><td>${name(one.sinkOrgId)}</td>`,
      `<td>${escapeXml(formatTypes(one.connectionTypes))}</td>`,
      `<td>${created === "" ? "" : `<time datetime="${escapeXml(one.createdAt ?? "")}">${escapeXml(created)}</time>`}</td>`,
      `<td class="age" data-age="${escapeXml(one.createdAt ?? "")}"></td>`,
      `<td><bdi>${escapeXml(one.createdBy ?? "")}</bdi></td>`,
      `<td>${managedCell(one, topology)}</td><td class="id">${escapeXml(one.id ?? "")}</td></tr>`,
    ].join("");
  });
  const heads = ["From", "To", "Shares", "Created", "Age", "Creator", "Managed by", "Connection"];
  return `<div class="table"><table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function managedCell(one: TopologyConnection, topology: Topology): string {
  const managed = isManaged(one, topology);
  if (managed === undefined) return "";
  if (!managed) return `<span class="warn">no stack</span>`;
  return `<bdi>${escapeXml((one.managedBy ?? []).join(", "))}</bdi>`;
}
