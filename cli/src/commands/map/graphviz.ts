import * as v from "valibot";
import type { Point } from "./picture.js";

/** Graphviz reckons in inches of 72 points; a point is a pixel of ours. */
const POINTS = 72;

/** What Graphviz lays out: sizes only, and no text of anybody's. */
export interface GraphvizInput {
  graph: Record<string, string | number>;
  nodes: readonly { width: number; height: number }[];
  edges: readonly GraphvizEdge[];
}

/** From `tail` to `head`, by place. */
interface GraphvizEdge {
  tail: number;
  head: number;
  /** The room it needs. */
  label?: { width: number; height: number };
  /** Whether it leaves at the right side and arrives at the left; else it does so wherever it is short. */
  throughSides: boolean;
}

/** Where Graphviz puts things, in pixels from the upper left corner. */
export interface GraphvizOutput {
  width: number;
  height: number;
  nodes: Point[];
  edges: { curve: Point[]; label?: Point }[];
}

const numbers = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").map(Number)),
  v.array(v.pipe(v.number(), v.finite())),
);
const answer = v.object({
  bb: numbers,
  objects: v.optional(v.array(v.object({ name: v.string(), pos: numbers })), []),
  edges: v.optional(v.array(v.object({ place: v.string(), pos: v.string(), lp: v.optional(numbers) })), []),
});

/**
 * Lays a graph out with Graphviz, which comes as WebAssembly within its package and is loaded at the first call. The
 * same graph always gets the same layout.
 */
export async function runGraphviz(engine: "dot", input: GraphvizInput): Promise<GraphvizOutput> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const result = viz.render(
    {
      directed: true,
      graphAttributes: input.graph,
      nodeAttributes: { shape: "box", fixedsize: true, label: "" },
      nodes: input.nodes.map(({ width, height }, at) => ({
        name: `n${at}`,
        attributes: { width: width / POINTS, height: height / POINTS },
      })),
      edges: input.edges.map(({ tail, head, label, throughSides }, at) => ({
        tail: `n${tail}`,
        head: `n${head}`,
        attributes: {
          place: at,
          ...(throughSides && { tailport: "e", headport: "w" }),
          ...(label && { label: room(label) }),
        },
      })),
    },
    { engine, format: "json0" },
  );
  if (result.status !== "success") {
    throw new Error(
      `Graphviz did not lay the picture out: ${result.errors[0]?.message ?? "no reason given"}.`,
    );
  }
  return read(JSON.parse(result.output), input);
}

/** A label that is nothing but room. */
const room = ({ width, height }: { width: number; height: number }) => ({
  html: `<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="${Math.ceil(width)}" HEIGHT="${Math.ceil(height)}"><TR><TD></TD></TR></TABLE>`,
});

function read(output: unknown, input: GraphvizInput): GraphvizOutput {
  const { bb, objects, edges } = v.parse(answer, output);
  const [left = 0, low = 0, right = 0, high = 0] = bb;
  // Its y runs upward.
  const point = ([x = 0, y = 0]: readonly number[]): Point => ({ x: x - left, y: high - y });
  const nodeAt = new Map(objects.map(({ name, pos }) => [name, point(pos)] as const));
  const edgeAt = new Map(edges.map((edge) => [edge.place, edge] as const));
  return {
    width: right - left,
    height: high - low,
    nodes: input.nodes.map((_, at) => nodeAt.get(`n${at}`) ?? { x: 0, y: 0 }),
    edges: input.edges.map((_, at) => {
      const edge = edgeAt.get(String(at));
      return {
        curve: curveOf(edge?.pos ?? "").map(point),
        ...(edge?.lp && { label: point(edge.lp) }),
      };
    }),
  };
}

/** `e,x,y x,y x,y …`: the arrow's tip, then the curve, which ends where the arrow begins. */
function curveOf(pos: string): number[][] {
  const parts = pos.split(" ").filter((part) => part !== "");
  const tip = parts.find((part) => part.startsWith("e,"));
  const points = parts
    .filter((part) => !/^[es],/.test(part))
    .map((part) => part.split(",").map(Number))
    .filter((xy) => xy.every(Number.isFinite));
  // The arrow is drawn over the curve's end: the last point is its tip.
  return tip === undefined || points.length === 0
    ? points
    : [...points.slice(0, -1), tip.split(",").slice(1).map(Number)];
}
