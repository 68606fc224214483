import type { Layout } from "./picture.js";
import type { Topology } from "../../topology/topology.js";
import { drawnOf, type Drawn } from "../../topology/units.js";

/** More than this from left to right is a tangle, and takes Graphviz long. */
const MOST_UNITS = 60;
const MOST_LINKS = 150;
/** From how many lines on a graph whose lines mostly come in pairs, there and back, is a mesh. */
const MESH_FROM = 12;

/** A picture: what is drawn and where it stands. */
export interface Picture {
  drawn: Drawn;
  layout: Layout;
}

/** From left to right where that is readable; on a ring what is a mesh, or too much. */
export async function pictureOf(topology: Topology): Promise<Picture> {
  const grouped = drawnOf(topology);
  if (grouped.units.length <= MOST_UNITS && grouped.links.length <= MOST_LINKS && !isMesh(grouped)) {
    const { flowLayout } = await import("./flow.js");
    return { drawn: grouped, layout: await flowLayout(topology, grouped) };
  }
  const { ringLayout } = await import("./ring.js");
  const drawn = drawnOf(topology, { group: false });
  return { drawn, layout: ringLayout(topology, drawn) };
}

function isMesh({ links }: Drawn): boolean {
  const pairs = new Set(links.map(({ source, sink }) => `${source} ${sink}`));
  const mutual = links.filter(({ source, sink }) => pairs.has(`${sink} ${source}`)).length;
  return mutual >= MESH_FROM && mutual >= links.length / 2;
}
