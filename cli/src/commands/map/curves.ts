import type { Point } from "./measures.js";

/** The distance between neighboring lines at a side of a card, in pixels of a picture that is not enlarged. */
export const LANE_WIDTH = 14;

/**
 * A line from Graphviz, and the space for its label. A line connects two units (`GroupedTopology.units`). In this file, "card"
 * means the drawing of a unit: the card of an organization or the frame of a group.
 */
export interface RoutedLine {
  /** Index of the unit where the line starts. */
  tail: number;
  /** Index of the unit where the line ends. */
  head: number;
  /** A Bézier curve, as in `Line`. */
  curve: readonly Point[];
  /** The center of the space that Graphviz has reserved for the label. */
  label?: Point;
  /** Whether the line starts at the right side of a card and ends at the left side of another one. */
  isLeftToRight: boolean;
}

/**
 * Separates the ends of the lines that go from left to right, smooths all lines, and moves all labels onto their lines. In the
 * output of Graphviz, the lines from left to right leave a card at a single point of its right side. They enter a card at a single
 * point of its left side. The ends at a side are ordered by the y coordinate that their lines reach after one Bézier segment, so
 * that few lines cross.
 *
 * @param laneWidth - the distance between neighboring lines at a side
 */
export function spreadLines(
  routes: readonly RoutedLine[],
  laneWidth: number,
): { curve: Point[]; label: Point | undefined }[] {
  // `curve[3]` is the end of the first segment, and `curve.at(-4)` is the start of the last one.
  const startShifts = computeShifts(
    routes.map(({ tail, curve, isLeftToRight }) => ({
      unit: isLeftToRight ? tail : undefined,
      towardY: curve[3]?.y ?? 0,
    })),
    laneWidth,
  );
  const endShifts = computeShifts(
    routes.map(({ head, curve, isLeftToRight }) => ({
      unit: isLeftToRight ? head : undefined,
      towardY: curve.at(-4)?.y ?? 0,
    })),
    laneWidth,
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
 * Computes how far down to move one end of each line. A negative value moves the end up.
 *
 * @param ends - for each line, the unit at this end, and the y coordinate after one Bézier segment. A line without a unit is not
 *   moved
 */
function computeShifts(
  ends: readonly { unit: number | undefined; towardY: number }[],
  laneWidth: number,
): number[] {
  const shifts = ends.map(() => 0);
  const linesByUnit = new Map<number, number[]>();
  for (const [lineIndex, { unit }] of ends.entries()) {
    if (unit !== undefined) linesByUnit.set(unit, [...(linesByUnit.get(unit) ?? []), lineIndex]);
  }
  for (const lineIndexes of linesByUnit.values()) {
    const sorted = lineIndexes.toSorted((a, b) => (ends[a]?.towardY ?? 0) - (ends[b]?.towardY ?? 0));
    for (const [order, lineIndex] of sorted.entries())
      shifts[lineIndex] = (order - (sorted.length - 1) / 2) * laneWidth;
  }
  return shifts;
}

/** Computes a parallel curve at a distance in pixels, to the right of the curve's direction. A negative distance is to the left. */
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

/** Finds the first of `points` that is more than one pixel away from `point`. Returns `point` if there is none. */
const findDistinctPoint = (point: Point, points: readonly Point[]): Point =>
  points.find(({ x, y }) => Math.hypot(x - point.x, y - point.y) > 1) ?? point;

/** Returns the unit vector from one point to another. If the points are equal, returns the vector to the right. */
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

/**
 * Removes the bends between the segments of a curve. Rotates the control points on both sides of a bend around the bend, so that
 * all three points are on a straight line.
 */
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

/**
 * Finds the point of a line that is nearest to the space for its label. A horizontal distance counts four times as much as a
 * vertical distance, because cards are to the left and right of the space.
 */
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
