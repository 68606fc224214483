import type { Point } from "./layout.js";

/** The distance between neighboring lines at a side of a card, in a picture that is not enlarged. */
export const LANE_WIDTH = 14;

/** A line from Graphviz, and the space for its label. */
export interface RoutedLine {
  /**
   * Index of the unit where it starts: the card of an organization, or the frame of a group, which counts as one card in this file.
   * `head` is that of the unit where it ends.
   */
  tail: number;
  head: number;
  curve: readonly Point[];
  label?: Point;
  /** Whether it starts at the right side of a card and ends at the left side of a card. */
  isLeftToRight: boolean;
}

/**
 * Separates the lines from left to right at the sides of cards without changing their order, and moves labels onto their lines.
 * Graphviz starts all such lines from a card at one point of its right side, and ends all those to a card at one point of its left
 * side.
 */
export function spreadLines(
  routes: readonly RoutedLine[],
  lane: number,
): { curve: Point[]; label: Point | undefined }[] {
  const startShifts = computeShifts(
    routes.map(({ tail, curve, isLeftToRight }) => ({
      unit: isLeftToRight ? tail : undefined,
      towardY: curve[3]?.y ?? 0,
    })),
    lane,
  );
  const endShifts = computeShifts(
    routes.map(({ head, curve, isLeftToRight }) => ({
      unit: isLeftToRight ? head : undefined,
      towardY: curve.at(-4)?.y ?? 0,
    })),
    lane,
  );
  return routes.map(({ curve, label }, lineIndex) => {
    const last = curve.length - 1;
    const moved = curve.map((point, index) => {
      // An end point and its neighbor move together, so that the direction at the end stays the same.
      const shift =
        index <= 1 ? (startShifts[lineIndex] ?? 0) : index >= last - 1 ? (endShifts[lineIndex] ?? 0) : 0;
      return { x: point.x, y: point.y + shift };
    });
    const smooth = smoothCurve(moved);
    return { curve: smooth, label: label && findLabelPoint(smooth, label) };
  });
}

/**
 * Computes how far each line is moved up or down at the side of its card.
 *
 * @param ends - for each line, the unit at this end, and the height toward which the line goes. Lines without a unit are not
 *   moved
 */
function computeShifts(
  ends: readonly { unit: number | undefined; towardY: number }[],
  lane: number,
): number[] {
  const shifts = ends.map(() => 0);
  const linesByUnit = new Map<number, number[]>();
  for (const [lineIndex, { unit }] of ends.entries()) {
    if (unit !== undefined) linesByUnit.set(unit, [...(linesByUnit.get(unit) ?? []), lineIndex]);
  }
  for (const lineIndexes of linesByUnit.values()) {
    const sorted = lineIndexes.toSorted((a, b) => (ends[a]?.towardY ?? 0) - (ends[b]?.towardY ?? 0));
    for (const [order, lineIndex] of sorted.entries())
      shifts[lineIndex] = (order - (sorted.length - 1) / 2) * lane;
  }
  return shifts;
}

/** Computes a parallel curve at a distance: to the right of its direction, or to the left if the distance is negative. */
export function offsetCurve(curve: readonly Point[], distance: number): Point[] {
  if (distance === 0) return [...curve];
  return curve.map((point, index) => {
    const { x, y } = getDirection(
      findDistinctPoint(point, curve.slice(0, index).reverse()),
      findDistinctPoint(point, curve.slice(index + 1)),
    );
    return { x: point.x - y * distance, y: point.y + x * distance };
  });
}

/** Finds the first of the points that is more than a pixel away from a point. Returns the point itself if there is none. */
const findDistinctPoint = (point: Point, points: readonly Point[]): Point =>
  points.find(({ x, y }) => Math.hypot(x - point.x, y - point.y) > 1) ?? point;

/** Returns the unit vector from one point to another, or to the right if the points are equal. */
function getDirection(from: Point, to: Point): Point {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y);
  return length === 0 ? { x: 1, y: 0 } : { x: x / length, y: y / length };
}

/** Returns the direction of a curve at its end. */
export function getEndDirection(curve: readonly Point[]): Point {
  const tip = curve.at(-1) ?? { x: 0, y: 0 };
  return getDirection(findDistinctPoint(tip, curve.slice(0, -1).reverse()), tip);
}

/** Removes the bends between two segments of a curve. */
function smoothCurve(curve: readonly Point[]): Point[] {
  const smooth = [...curve];
  for (let index = 3; index + 3 < curve.length; index += 3) {
    const [before, knot, after] = [curve[index - 1], curve[index], curve[index + 1]];
    if (!before || !knot || !after) continue;
    const { x, y } = getDirection(before, after);
    const move = (length: number): Point => ({ x: knot.x + x * length, y: knot.y + y * length });
    smooth[index - 1] = move(-Math.hypot(knot.x - before.x, knot.y - before.y));
    smooth[index + 1] = move(Math.hypot(after.x - knot.x, after.y - knot.y));
  }
  return smooth;
}

/** Finds the point of a line for its label. It prefers points above or below the reserved space, because cards are beside it. */
function findLabelPoint(curve: readonly Point[], space: Point): Point {
  let best = space;
  let distance = Infinity;
  for (let start = 0; start + 3 < curve.length; start += 3) {
    for (let step = 0; step <= 24; step++) {
      const point = computePoint(curve.slice(start, start + 4), step / 24);
      const candidate = Math.hypot((point.x - space.x) * 4, point.y - space.y);
      if (candidate < distance) [best, distance] = [point, candidate];
    }
  }
  return best;
}

/** Computes a point of one segment of a Bézier curve, at `t` from 0 to 1. */
function computePoint(segment: readonly Point[], t: number): Point {
  const u = 1 - t;
  const weights = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3];
  return segment.reduce(
    (sum, { x, y }, index) => ({
      x: sum.x + x * (weights[index] ?? 0),
      y: sum.y + y * (weights[index] ?? 0),
    }),
    { x: 0, y: 0 },
  );
}
