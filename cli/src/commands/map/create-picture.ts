import type { Layout } from "./layout.js";
import type { Topology } from "../../topology/topology.js";
import { groupTopology, type GroupedTopology } from "../../topology/group-topology.js";

/** With more units or links, a layout from left to right is not readable, and Graphviz is slow. */
const MAX_UNITS = 60;
const MAX_LINKS = 150;
/** The minimum count of mutual links of a mesh. */
const MIN_MESH_LINKS = 12;

/** A picture: its units and links, and their layout. */
export interface Picture {
  grouped: GroupedTopology;
  layout: Layout;
}

/** Creates a picture from left to right if this is readable. Otherwise, and for a mesh, it creates a ring. */
export async function createPicture(topology: Topology): Promise<Picture> {
  const grouped = groupTopology(topology);
  if (grouped.units.length <= MAX_UNITS && grouped.links.length <= MAX_LINKS && !isMesh(grouped)) {
    const { computeFlowLayout } = await import("./flow-layout.js");
    return { grouped, layout: await computeFlowLayout(topology, grouped) };
  }
  const { computeRingLayout } = await import("./ring-layout.js");
  const ungrouped = groupTopology(topology, { group: false });
  return { grouped: ungrouped, layout: computeRingLayout(topology, ungrouped) };
}

function isMesh({ links }: GroupedTopology): boolean {
  const pairs = new Set(links.map(({ source, sink }) => `${source} ${sink}`));
  const mutual = links.filter(({ source, sink }) => pairs.has(`${sink} ${source}`)).length;
  return mutual >= MIN_MESH_LINKS && mutual >= links.length / 2;
}
