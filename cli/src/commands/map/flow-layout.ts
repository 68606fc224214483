import { LANE_WIDTH, spreadLines } from "./curves.js";
import { runGraphviz, type GraphvizInput, type GraphvizOutput } from "./graphviz.js";
import { computeUnitSizes, type Grid, type UnitSize } from "./unit-sizes.js";
import {
  computeEnlargement,
  FRAME_HEADING_HEIGHT,
  FRAME_PAD,
  GAP,
  computeLabelSize,
  computeLargeCardSize,
  SMALL_CARD,
} from "./measures.js";
import type { Box, Card, Frame, Layout } from "./layout.js";
import type { Topology } from "../../topology/topology.js";
import type { GroupedTopology } from "../../topology/group-topology.js";
import { formatLink } from "../../topology/labels.js";

/** The space for the picture on a typical screen, in CSS pixels. */
const SCREEN = { width: 1400, height: 660 };

/**
 * Computes a layout from left to right: sources, then their destinations. Graphviz places the units, routes lines around them and
 * reserves space for the labels. The organizations of a group form a grid. The function compares several candidates for the sizes
 * of the grids, and uses the candidate with the largest zoom on a typical screen.
 */
export async function computeFlowLayout(topology: Topology, grouped: GroupedTopology): Promise<Layout> {
  const enlargement = computeEnlargement(topology);
  const laneWidth = LANE_WIDTH * enlargement;
  const inCycle = markLinksInCycles(grouped);
  const candidates = computeUnitSizes(topology, grouped, (unit) => {
    // A card is high enough for the lines at each of its sides.
    const size = computeLargeCardSize(topology, grouped.units[unit]?.members[0] ?? 0);
    return { ...size, height: Math.max(size.height, countLines(grouped, unit) * laneWidth + 10) };
  });
  let best: { sizes: readonly UnitSize[]; output: GraphvizOutput } | undefined;
  for (const sizes of candidates) {
    const output = await runGraphviz(createGraph(grouped, sizes, inCycle, enlargement));
    if (!best || computeZoom(output) > computeZoom(best.output)) best = { sizes, output };
  }
  // Does not happen: there is always a candidate.
  if (!best) return { width: 0, height: 0, lineScale: 1, cards: [], frames: [], lines: [] };
  const { sizes, output } = best;
  const routes = grouped.links.map(({ source, sink }, index) => ({
    tail: source,
    head: sink,
    isLeftToRight: !inCycle[index],
    ...(output.edges[index] ?? { curve: [] }),
  }));
  return {
    width: output.width,
    height: output.height,
    lineScale: enlargement,
    ...placeUnits(grouped, sizes, output),
    lines: spreadLines(routes, laneWidth).map((line, linkIndex) => ({ linkIndex, ...line })),
  };
}

function createGraph(
  { links }: GroupedTopology,
  sizes: readonly UnitSize[],
  inCycle: readonly boolean[],
  enlargement: number,
): GraphvizInput {
  return {
    // `nodesep` and `ranksep` are in inches.
    graph: { rankdir: "LR", nodesep: 0.3 * enlargement, ranksep: 0.7 * enlargement, splines: "true" },
    nodes: sizes,
    edges: links.map((link, index) => ({
      tail: link.source,
      head: link.sink,
      label: addPadding(computeLabelSize(formatLink(link), enlargement)),
      isLeftToRight: !inCycle[index],
    })),
  };
}

/** Computes the zoom of the picture on a typical screen, at most 1. */
const computeZoom = ({ width, height }: GraphvizOutput): number =>
  Math.min(1, SCREEN.width / width, SCREEN.height / height);

function placeUnits(
  { units }: GroupedTopology,
  sizes: readonly UnitSize[],
  { nodes }: GraphvizOutput,
): { cards: Card[]; frames: Frame[] } {
  const cards: Card[] = [];
  const frames: Frame[] = [];
  for (const [index, { members }] of units.entries()) {
    const { grid, ...size } = sizes[index] ?? { width: 0, height: 0 };
    const box: Box = { ...size, ...(nodes[index] ?? { x: 0, y: 0 }) };
    if (grid) {
      frames.push({ ...box, count: members.length });
      cards.push(...placeCards(box, grid, members));
    } else {
      cards.push(...members.map((organization): Card => ({ ...box, organization, form: "large" })));
    }
  }
  return { cards, frames };
}

/** Determines for each link whether it is part of a cycle. The links of a cycle cannot all go from left to right. */
function markLinksInCycles({ links }: GroupedTopology): boolean[] {
  return links.map(({ source, sink }) => {
    const reached = new Set([sink]);
    for (const unit of reached) {
      for (const link of links) if (link.source === unit) reached.add(link.sink);
    }
    return reached.has(source);
  });
}

/** Adds the space between a label and its neighbors to the size of the label. */
const addPadding = ({ width, height }: { width: number; height: number }) => ({
  width: width + 12,
  height: height + 6,
});

/** Counts the lines that start at a unit and the lines that end there. Returns the larger count. */
function countLines({ links }: GroupedTopology, unit: number): number {
  const out = links.filter(({ source }) => source === unit).length;
  return Math.max(out, links.filter(({ sink }) => sink === unit).length);
}

function placeCards(box: Box, { rows, cardWidth }: Grid, members: readonly number[]): Card[] {
  const left = box.x - box.width / 2 + FRAME_PAD + cardWidth / 2;
  const top = box.y - box.height / 2 + FRAME_PAD + FRAME_HEADING_HEIGHT + SMALL_CARD.height / 2;
  // The cards fill one column after the other.
  return members.map((organization, index) => ({
    organization,
    form: "small",
    x: left + Math.floor(index / rows) * (cardWidth + GAP),
    y: top + (index % rows) * (SMALL_CARD.height + GAP),
    width: cardWidth,
    height: SMALL_CARD.height,
  }));
}
