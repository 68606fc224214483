import { LANE, spread } from "./curves.js";
import { runGraphviz, type GraphvizInput, type GraphvizOutput } from "./graphviz.js";
import { sizesOf, type Grid, type Size } from "./grids.js";
import { emphasisOf, FRAME_HEAD, FRAME_PAD, GAP, labelSize, largeSize, SMALL } from "./measures.js";
import type { Box, Card, Frame, Layout } from "./picture.js";
import type { Topology } from "../../topology/topology.js";
import type { Drawn } from "../../topology/units.js";
import { formatLink } from "../../topology/words.js";

/** The room that a page leaves for the picture on a usual screen, in pixels. */
const SCREEN = { width: 1400, height: 660 };

/**
 * From left to right: sources, then their sinks. Graphviz ranks the units, keeps lines apart from them and finds room
 * for the labels; the organizations of a group stand in a grid. Of several ways to
 * build the grids the one is taken with which the whole is seen largest.
 */
export async function flowLayout(topology: Topology, drawn: Drawn): Promise<Layout> {
  const emphasis = emphasisOf(topology);
  const lane = LANE * emphasis;
  const inCircle = circlesIn(drawn);
  const tries = sizesOf(topology, drawn, (at) => {
    const size = largeSize(topology, drawn.units[at]?.members[0] ?? 0);
    return { ...size, height: Math.max(size.height, lanesOf(drawn, at) * lane + 10) };
  });
  let best: { sizes: readonly Size[]; output: GraphvizOutput } | undefined;
  for (const sizes of tries) {
    const output = await runGraphviz("dot", graphOf(drawn, sizes, inCircle, emphasis));
    if (!best || zoomOf(output) > zoomOf(best.output)) best = { sizes, output };
  }
  if (!best) return { width: 0, height: 0, strength: 1, cards: [], frames: [], lines: [] };
  const { sizes, output } = best;
  const routes = drawn.links.map(({ source, sink }, at) => ({
    tail: source,
    head: sink,
    throughSides: !inCircle[at],
    ...(output.edges[at] ?? { curve: [] }),
  }));
  return {
    width: output.width,
    height: output.height,
    strength: emphasis,
    ...placed(drawn, sizes, output),
    lines: spread(routes, lane).map((line, link) => ({ link, ...line })),
  };
}

function graphOf(
  { links }: Drawn,
  sizes: readonly Size[],
  inCircle: readonly boolean[],
  emphasis: number,
): GraphvizInput {
  return {
    graph: { rankdir: "LR", nodesep: 0.3 * emphasis, ranksep: 0.7 * emphasis, splines: "true" },
    nodes: sizes,
    edges: links.map((link, at) => ({
      tail: link.source,
      head: link.sink,
      label: grown(labelSize(formatLink(link), emphasis)),
      throughSides: !inCircle[at],
    })),
  };
}

/** How large the picture is seen on a usual screen: enlarged it is not. */
const zoomOf = ({ width, height }: GraphvizOutput): number =>
  Math.min(1, SCREEN.width / width, SCREEN.height / height);

function placed(
  { units }: Drawn,
  sizes: readonly Size[],
  { nodes }: GraphvizOutput,
): { cards: Card[]; frames: Frame[] } {
  const cards: Card[] = [];
  const frames: Frame[] = [];
  for (const [at, { members }] of units.entries()) {
    const { grid, ...size } = sizes[at] ?? { width: 0, height: 0 };
    const box: Box = { ...size, ...(nodes[at] ?? { x: 0, y: 0 }) };
    if (grid) {
      frames.push({ ...box, count: members.length });
      cards.push(...cardsIn(box, grid, members));
    } else {
      cards.push(...members.map((organization): Card => ({ ...box, organization, form: "large" })));
    }
  }
  return { cards, frames };
}

/** For each link, whether one can come back from its sink to its source: from left to right means nothing there. */
function circlesIn({ links }: Drawn): boolean[] {
  return links.map(({ source, sink }) => {
    const reached = new Set([sink]);
    for (const at of reached) {
      for (const link of links) if (link.source === at) reached.add(link.sink);
    }
    return reached.has(source);
  });
}

/** With some room around. */
const grown = ({ width, height }: { width: number; height: number }) => ({
  width: width + 12,
  height: height + 6,
});

/** How many lines begin or end at one side of a unit. */
function lanesOf({ links }: Drawn, unit: number): number {
  const out = links.filter(({ source }) => source === unit).length;
  return Math.max(out, links.filter(({ sink }) => sink === unit).length);
}

function cardsIn(box: Box, { rows, cardWidth }: Grid, members: readonly number[]): Card[] {
  const left = box.x - box.width / 2 + FRAME_PAD + cardWidth / 2;
  const top = box.y - box.height / 2 + FRAME_PAD + FRAME_HEAD + SMALL.height / 2;
  // Down the columns, as a list is read.
  return members.map((organization, at) => ({
    organization,
    form: "small",
    x: left + Math.floor(at / rows) * (cardWidth + GAP),
    y: top + (at % rows) * (SMALL.height + GAP),
    width: cardWidth,
    height: SMALL.height,
  }));
}
