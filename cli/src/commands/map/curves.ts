import type { Point } from "./picture.js";

/** Between two lines that begin or end at one side of a card. */
export const LANE = 14;

/** A line as Graphviz has drawn it, and the room for its label. */
export interface Routed {
  tail: number;
  head: number;
  curve: readonly Point[];
  label?: Point;
  /** Whether it leaves at the right side and arrives at the left. */
  throughSides: boolean;
}

/**
 * Graphviz lets all lines through a card's sides begin at one point of the right one, and end at one of the left. They are drawn
 * apart there, in the order in which they come; and a label is moved onto its line.
 */
export function spread(
  routes: readonly Routed[],
  lane: number,
): { curve: Point[]; label: Point | undefined }[] {
  const starts = lanes(
    routes.map(({ tail, curve, throughSides }) => ({
      side: throughSides ? tail : undefined,
      to: curve[3]?.y ?? 0,
    })),
    lane,
  );
  const ends = lanes(
    routes.map(({ head, curve, throughSides }) => ({
      side: throughSides ? head : undefined,
      to: curve.at(-4)?.y ?? 0,
    })),
    lane,
  );
  return routes.map(({ curve, label }, at) => {
    const last = curve.length - 1;
    const moved = curve.map((point, index) => {
      // With its neighbour, so that it still leaves and arrives in the same direction.
      const shift = index <= 1 ? (starts[at] ?? 0) : index >= last - 1 ? (ends[at] ?? 0) : 0;
      return { x: point.x, y: point.y + shift };
    });
    const smooth = smoothed(moved);
    return { curve: smooth, label: label && labelPoint(smooth, label) };
  });
}

/** How far each line is moved at its side. */
function lanes(ends: readonly { side: number | undefined; to: number }[], lane: number): number[] {
  const shifts = ends.map(() => 0);
  const sides = new Map<number, number[]>();
  for (const [at, { side }] of ends.entries()) {
    if (side !== undefined) sides.set(side, [...(sides.get(side) ?? []), at]);
  }
  for (const places of sides.values()) {
    const sorted = places.toSorted((a, b) => (ends[a]?.to ?? 0) - (ends[b]?.to ?? 0));
    for (const [order, at] of sorted.entries()) shifts[at] = (order - (sorted.length - 1) / 2) * lane;
  }
  return shifts;
}

/** A curve beside another, at an even distance: to the right of its direction, or with a distance below nought, to the left. */
export function beside(curve: readonly Point[], distance: number): Point[] {
  if (distance === 0) return [...curve];
  return curve.map((point, at) => {
    const { x, y } = direction(
      otherThan(point, curve.slice(0, at).reverse()),
      otherThan(point, curve.slice(at + 1)),
    );
    return { x: point.x - y * distance, y: point.y + x * distance };
  });
}

/** The first of the points that is not that one; else that one. */
const otherThan = (point: Point, points: readonly Point[]): Point =>
  points.find(({ x, y }) => Math.hypot(x - point.x, y - point.y) > 1) ?? point;

/** From one point to another, of length one. */
function direction(from: Point, to: Point): Point {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y);
  return length === 0 ? { x: 1, y: 0 } : { x: x / length, y: y / length };
}

/** The direction in which a curve arrives. */
export function arrival(curve: readonly Point[]): Point {
  const tip = curve.at(-1) ?? { x: 0, y: 0 };
  return direction(otherThan(tip, curve.slice(0, -1).reverse()), tip);
}

/** Without the bends that are left where two pieces meet. */
function smoothed(curve: readonly Point[]): Point[] {
  const smooth = [...curve];
  for (let at = 3; at + 3 < curve.length; at += 3) {
    const [before, knot, after] = [curve[at - 1], curve[at], curve[at + 1]];
    if (!before || !knot || !after) continue;
    const { x, y } = direction(before, after);
    const move = (length: number): Point => ({ x: knot.x + x * length, y: knot.y + y * length });
    smooth[at - 1] = move(-Math.hypot(knot.x - before.x, knot.y - before.y));
    smooth[at + 1] = move(Math.hypot(after.x - knot.x, after.y - knot.y));
  }
  return smooth;
}

/** Where a line passes the room for its label: rather above or below it than beside it, where cards stand. */
function labelPoint(curve: readonly Point[], room: Point): Point {
  let best = room;
  let distance = Infinity;
  for (let piece = 0; piece + 3 < curve.length; piece += 3) {
    for (let step = 0; step <= 24; step++) {
      const point = pointOn(curve.slice(piece, piece + 4), step / 24);
      const far = Math.hypot((point.x - room.x) * 4, point.y - room.y);
      if (far < distance) [best, distance] = [point, far];
    }
  }
  return best;
}

/** A point of one piece of a Bézier curve, at `t` from 0 to 1. */
function pointOn(piece: readonly Point[], t: number): Point {
  const u = 1 - t;
  const weights = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3];
  return piece.reduce(
    (sum, { x, y }, at) => ({ x: sum.x + x * (weights[at] ?? 0), y: sum.y + y * (weights[at] ?? 0) }),
    { x: 0, y: 0 },
  );
}
