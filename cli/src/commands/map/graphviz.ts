import * as v from "valibot";
import type { Point } from "./measures.js";

/** Graphviz takes the sizes of nodes in inches, and returns positions in points (1/72 inch). In the map, one point is one pixel. */
const POINTS_PER_INCH = 72;

/** The input of Graphviz. It contains sizes instead of names and labels, because names and labels are untrusted. */
export interface GraphvizInput {
  /** The attributes of the graph: https://graphviz.org/doc/info/attrs.html. */
  graph: Record<string, string | number>;
  /** The sizes of the nodes, in pixels. */
  nodes: readonly { width: number; height: number }[];
  edges: readonly GraphvizEdge[];
}

/** An edge from `tail` to `head`, which are indexes of nodes. */
interface GraphvizEdge {
  tail: number;
  head: number;
  /** The size of its label, in pixels. */
  label?: { width: number; height: number };
  /** Whether it leaves the right side of its tail and enters the left side of its head. Otherwise, Graphviz chooses the sides. */
  isLeftToRight: boolean;
}

/** The output of Graphviz, in pixels from the upper left corner. */
export interface GraphvizOutput {
  width: number;
  height: number;
  /** The center of each node. */
  nodes: Point[];
  /** The curve of each edge, and the center of its label. */
  edges: { curve: Point[]; label?: Point }[];
}

const numbers = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").map(Number)),
  v.array(v.pipe(v.number(), v.finite())),
);
const outputSchema = v.object({
  bb: numbers,
  objects: v.optional(v.array(v.object({ name: v.string(), pos: numbers })), []),
  edges: v.optional(v.array(v.object({ index: v.string(), pos: v.string(), lp: v.optional(numbers) })), []),
});

/**
 * The only instance of Graphviz. Its creation takes up to 100 ms, and a layout runs Graphviz for each candidate (`unit-sizes.ts`).
 */
let loading: ReturnType<typeof loadGraphviz> | undefined;

async function loadGraphviz() {
  const { instance } = await import("@viz-js/viz");
  return instance();
}

/**
 * Computes the layout of a graph with Graphviz, a WebAssembly module that the first call loads. The same graph always gets the same
 * layout.
 *
 * @throws if Graphviz fails
 */
export async function runGraphviz(input: GraphvizInput): Promise<GraphvizOutput> {
  const viz = await (loading ??= loadGraphviz());
  const result = viz.render(
    {
      directed: true,
      graphAttributes: input.graph,
      nodeAttributes: { shape: "box", fixedsize: true },
      nodes: input.nodes.map(({ width, height }, index) => ({
        name: `n${index}`,
        // In `nodeAttributes`, an empty label, unlike the other attributes, would apply only to the first graph of the instance.
        attributes: { label: "", width: width / POINTS_PER_INCH, height: height / POINTS_PER_INCH },
      })),
      edges: input.edges.map(({ tail, head, label, isLeftToRight }, index) => ({
        tail: `n${tail}`,
        head: `n${head}`,
        attributes: {
          index,
          ...(isLeftToRight && { tailport: "e", headport: "w" }),
          ...(label && { label: createLabelSpace(label) }),
        },
      })),
    },
    { engine: "dot", format: "json0" },
  );
  if (result.status !== "success") {
    throw new Error(
      `Graphviz could not compute the layout of the map: ${result.errors[0]?.message ?? "it gave no reason"}. ` +
        "Use --format mermaid or --format json, which do not need Graphviz.",
    );
  }
  return parseOutput(JSON.parse(result.output), input);
}

/** Creates an empty label that reserves space. */
const createLabelSpace = ({ width, height }: { width: number; height: number }) => ({
  html: `<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="${Math.ceil(width)}" HEIGHT="${Math.ceil(height)}"><TR><TD></TD></TR></TABLE>`,
});

function parseOutput(output: unknown, input: GraphvizInput): GraphvizOutput {
  const { bb, objects, edges } = v.parse(outputSchema, output);
  const [left = 0, bottom = 0, right = 0, top = 0] = bb;
  // The y axis of Graphviz points upward.
  const toPoint = ([x = 0, y = 0]: readonly number[]): Point => ({ x: x - left, y: top - y });
  const nodeByName = new Map(objects.map(({ name, pos }) => [name, toPoint(pos)] as const));
  const edgeByIndex = new Map(edges.map((edge) => [edge.index, edge] as const));
  return {
    width: right - left,
    height: top - bottom,
    nodes: input.nodes.map((_, index) => nodeByName.get(`n${index}`) ?? { x: 0, y: 0 }),
    edges: input.edges.map((_, index) => {
      const edge = edgeByIndex.get(String(index));
      return {
        curve: parseCurve(edge?.pos ?? "").map(toPoint),
        ...(edge?.lp && { label: toPoint(edge.lp) }),
      };
    }),
  };
}

/** Parses `e,x,y x,y x,y …`: the tip of the arrowhead, then the curve, which ends at the base of the arrowhead. */
function parseCurve(pos: string): number[][] {
  const parts = pos.split(" ").filter((part) => part !== "");
  const tip = parts.find((part) => part.startsWith("e,"));
  const points = parts
    .filter((part) => !/^[es],/.test(part))
    .map((part) => part.split(",").map(Number))
    .filter((xy) => xy.every(Number.isFinite));
  // The map draws its own arrowhead over the end of the curve, so the tip replaces the last point.
  return tip === undefined || points.length === 0
    ? points
    : [...points.slice(0, -1), tip.split(",").slice(1).map(Number)];
}
