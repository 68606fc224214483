import type { Layout } from "./layout.js";
import type { Topology } from "../../topology/topology.js";
import { groupTopology, type GroupedTopology } from "../../topology/group-topology.js";

/** With more units or links, a layout from left to right is not readable, and Graphviz is slow. */
const MAX_UNITS = 60;
const MAX_LINKS = 150;
/** The minimum count of mutual links in a mesh. A link is mutual if another link has the same units in the opposite direction. */
const MIN_MESH_LINKS = 12;

/** The units and links of a topology, and their layout. A unit is an organization or a group of similar organizations. */
export interface GroupedLayout {
  /** The units and links of the layout. If the layout is a ring, each unit is one organization. */
  grouped: GroupedTopology;
  layout: Layout;
}

/** Computes a ring for a mesh, or for a topology with too many units or links. Otherwise, computes a layout from left to right. */
export async function computeGroupedLayout(topology: Topology): Promise<GroupedLayout> {
  const grouped = groupTopology(topology);
  if (grouped.units.length <= MAX_UNITS && grouped.links.length <= MAX_LINKS && !isMesh(grouped)) {
    const { computeFlowLayout } = await import("./flow-layout.js");
    return { grouped, layout: await computeFlowLayout(topology, grouped) };
  }
  const { computeRingLayout } = await import("./ring-layout.js");
  const ungrouped = groupTopology(topology, { group: false });
  return { grouped: ungrouped, layout: computeRingLayout(topology, ungrouped) };
}

/** Whether at least half of the links, and at least {@link MIN_MESH_LINKS}, are mutual. */
function isMesh({ links }: GroupedTopology): boolean {
  const pairs = new Set(links.map(({ source, sink }) => `${source} ${sink}`));
  const mutual = links.filter(({ source, sink }) => pairs.has(`${sink} ${source}`)).length;
  return mutual >= MIN_MESH_LINKS && mutual >= links.length / 2;
}
