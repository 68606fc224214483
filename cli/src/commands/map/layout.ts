import { groupTopology, type GroupedTopology } from "../../topology/group-topology.js";
import { formatLink } from "../../topology/labels.js";
import type { Topology } from "../../topology/topology.js";
import { LANE_WIDTH, spreadLines } from "./curves.js";
import { runGraphviz, type GraphvizInput, type GraphvizOutput } from "./graphviz.js";
import {
  computeEnlargement,
  computeLabelSize,
  computeLargeCardSize,
  FRAME_HEADING_HEIGHT,
  FRAME_PAD,
  GAP,
  measureText,
  SMALL_CARD,
  SPOT,
  type Box,
  type Card,
  type Frame,
  type Layout,
  type Line,
  type Point,
} from "./measures.js";
import { computeUnitSizes, type Grid, type UnitSize } from "./unit-sizes.js";

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
    return { grouped, layout: await computeFlowLayout(topology, grouped) };
  }
  const ungrouped = groupTopology(topology, { group: false });
  return { grouped: ungrouped, layout: computeRingLayout(topology, ungrouped) };
}

/** Whether at least half of the links, and at least {@link MIN_MESH_LINKS}, are mutual. */
function isMesh({ links }: GroupedTopology): boolean {
  const pairs = new Set(links.map(({ source, sink }) => `${source} ${sink}`));
  const mutual = links.filter(({ source, sink }) => pairs.has(`${sink} ${source}`)).length;
  return mutual >= MIN_MESH_LINKS && mutual >= links.length / 2;
}

/** The space for the picture on a typical screen, in CSS pixels. */
const SCREEN = { width: 1400, height: 660 };

/**
 * Computes a layout from left to right: sources, then their destinations. Graphviz places the units, routes lines around them and
 * reserves space for the labels. The organizations of a group form a grid. The function compares several candidates for the sizes
 * of the grids, and uses the candidate with the largest zoom on a typical screen.
 */
async function computeFlowLayout(topology: Topology, grouped: GroupedTopology): Promise<Layout> {
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

/** The minimum distance between neighboring names on the ring, in pixels, so that they do not overlap. */
const STEP = 19;
/** The minimum radius of the ring, in pixels. */
const MIN_RADIUS = 200;

/**
 * Computes a layout with all organizations on a ring, their names outside of the ring, and their connections as curves across the
 * ring. This layout is for a mesh, which has no order from left to right. It is also for a topology that is too large for a
 * readable layout from left to right.
 *
 * @param grouped - the links of the topology, with one organization in each unit
 */
function computeRingLayout(topology: Topology, grouped: GroupedTopology): Layout {
  const { organizations } = topology;
  const { links } = grouped;
  const order = orderOrganizations(topology);
  const radius = Math.max(MIN_RADIUS, (order.length * STEP) / (2 * Math.PI));
  const widestName = Math.max(0, ...organizations.map(({ name }) => measureText(name, SPOT.size)));
  const halfSize = radius + Math.min(SPOT.maxWidth, widestName) + 4 * SPOT.radius;
  const computePosition = (angle: number, distance: number): Point => ({
    x: halfSize + distance * Math.cos(angle),
    y: halfSize + distance * Math.sin(angle),
  });
  // In radians. With the offset of half a step, the first and the last organization are equally far from the rightmost point of the
  // ring.
  const angles = new Map(
    order.map((organization, index) => [organization, ((index + 0.5) / order.length) * 2 * Math.PI] as const),
  );
  const getAngle = (organization: number) => angles.get(organization) ?? 0;
  return {
    width: 2 * halfSize,
    height: 2 * halfSize,
    // Lines are thinner than in a layout from left to right, because many of them cross.
    lineScale: links.length > 100 ? 0.5 : 0.8,
    frames: [],
    cards: order.map((organization): Card => {
      const angle = getAngle(organization);
      const size = 2 * SPOT.radius;
      return {
        ...computePosition(angle, radius),
        width: size,
        height: size,
        organization,
        form: "spot",
        angle: (angle * 180) / Math.PI,
      };
    }),
    lines: links.map(({ source, sink }, linkIndex): Line => {
      const [from, to] = [getAngle(source), getAngle(sink)];
      const inner = radius - SPOT.radius - 2;
      // Between neighbors, the curve stays near the ring. Between opposite organizations, it passes near the center.
      const controlRadius = inner * (1 - 0.85 * Math.abs(Math.sin((to - from) / 2)));
      // In radians. Without this separation, the curve from A to B and the curve from B to A would coincide.
      const separation = 0.02;
      return {
        linkIndex,
        curve: [
          computePosition(from, inner),
          computePosition(from + separation, controlRadius),
          computePosition(to - separation, controlRadius),
          computePosition(to, inner),
        ],
      };
    }),
  };
}

/**
 * Orders organizations by the largest hub that they share with, so that a hub and its sources are usually neighbors. The size of a
 * hub is the count of the connections to it.
 */
function orderOrganizations({ organizations, connections }: Topology): number[] {
  const received = new Map<string, number>();
  for (const { sinkOrgId } of connections) received.set(sinkOrgId, (received.get(sinkOrgId) ?? 0) + 1);
  const hubBySource = new Map<string, string>();
  const countReceived = (id: string) => received.get(id) ?? 0;
  for (const { sourceOrgId, sinkOrgId } of connections) {
    const currentHub = hubBySource.get(sourceOrgId);
    if (currentHub === undefined || countReceived(sinkOrgId) > countReceived(currentHub))
      hubBySource.set(sourceOrgId, sinkOrgId);
  }
  // A hub that shares with a larger hub is placed with the larger hub. All other hubs are placed with their own sources.
  const findHome = (id: string): string => {
    const hub = hubBySource.get(id);
    return hub !== undefined && countReceived(hub) > countReceived(id) ? hub : id;
  };
  return organizations
    .map(({ id }, index) => ({ index, home: findHome(id) }))
    .sort(
      (a, b) =>
        countReceived(b.home) - countReceived(a.home) ||
        (a.home < b.home ? -1 : a.home > b.home ? 1 : a.index - b.index),
    )
    .map(({ index }) => index);
}
