import { FRAME_HEAD, FRAME_PAD, GAP, SMALL, smallWidth } from "./measures.js";
import type { Topology } from "../../topology/topology.js";
import type { Drawn } from "../../topology/units.js";

/** The most columns of a group, from try to try. */
const COLUMNS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20];
/** Between two units of a layer Graphviz leaves room, in pixels. */
const BETWEEN = 26;

/** How the organizations of a group stand. */
export interface Grid {
  columns: number;
  rows: number;
  cardWidth: number;
  width: number;
  height: number;
}

/** A unit's size, and the grid of a group. */
export interface Size {
  width: number;
  height: number;
  grid?: Grid;
}

/**
 * The sizes of all units, in the ways worth a try. Units of one layer stand above one another, layers beside one
 * another: for each height that the picture may have, every group takes as few columns as it can.
 */
export function sizesOf(topology: Topology, { units, links }: Drawn, single: (at: number) => Size): Size[][] {
  const layers = layersOf(units.length, links);
  const groups = units.map(({ members }) =>
    members.length > 1 ? { count: members.length, cardWidth: smallWidth(topology, members) } : undefined,
  );
  const tries = new Map<string, Size[]>();
  for (const columns of COLUMNS) {
    const wide = groups.map((group, at): Size => (group ? sized(gridOf(group, columns)) : single(at)));
    const height = Math.max(0, ...heightsOf(wide, layers).values());
    const sizes = narrowed(wide, groups, layers, height);
    tries.set(sizes.map(({ grid }) => grid?.columns ?? 0).join(" "), sizes);
  }
  return [...tries.values()];
}

type Group = { count: number; cardWidth: number } | undefined;

/** In a layer that is lower than the others, groups take fewer columns, as long as it stays so. */
function narrowed(
  wide: readonly Size[],
  groups: readonly Group[],
  layers: readonly number[],
  height: number,
): Size[] {
  let sizes = [...wide];
  for (const layer of new Set(layers)) {
    for (let columns = Math.max(...COLUMNS); columns >= 1; columns--) {
      const next = sizes.map((size, at) => {
        const group = groups[at];
        if (!group || !size.grid || layers[at] !== layer || size.grid.columns <= columns) return size;
        return sized(gridOf(group, columns));
      });
      if ((heightsOf(next, layers).get(layer) ?? 0) > height) break;
      sizes = next;
    }
  }
  return sizes;
}

const sized = (grid: Grid): Size => ({ width: grid.width, height: grid.height, grid });

function gridOf({ count, cardWidth }: { count: number; cardWidth: number }, most: number): Grid {
  const rows = Math.ceil(count / Math.min(most, count));
  // No column that the last rows leave empty.
  const columns = Math.ceil(count / rows);
  return {
    columns,
    rows,
    cardWidth,
    width: columns * (cardWidth + GAP) - GAP + 2 * FRAME_PAD,
    height: rows * (SMALL.height + GAP) - GAP + 2 * FRAME_PAD + FRAME_HEAD,
  };
}

/** How many steps each unit is from the last of its sinks, as Graphviz will rank them. */
function layersOf(count: number, links: Drawn["links"]): number[] {
  const layers = Array.from({ length: count }, () => 0);
  // A circle would never settle: no path is longer than there are units.
  for (let round = 0; round < count; round++) {
    let changed = false;
    for (const { source, sink } of links) {
      const least = (layers[sink] ?? 0) + 1;
      if (source === sink || least > count || (layers[source] ?? 0) >= least) continue;
      layers[source] = least;
      changed = true;
    }
    if (!changed) break;
  }
  return layers;
}

function heightsOf(sizes: readonly Size[], layers: readonly number[]): Map<number, number> {
  const heights = new Map<number, number>();
  for (const [at, { height }] of sizes.entries()) {
    const layer = layers[at] ?? 0;
    heights.set(layer, (heights.get(layer) ?? 0) + height + BETWEEN);
  }
  return heights;
}
