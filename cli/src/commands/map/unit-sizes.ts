import { FRAME_HEADING_HEIGHT, FRAME_PAD, GAP, SMALL_CARD, computeSmallCardWidth } from "./measures.js";
import type { Topology } from "../../topology/topology.js";
import type { GroupedTopology } from "../../topology/group-topology.js";

/** The maximum counts of columns to try. Each one results in a candidate for the sizes of all units; equal candidates are merged. */
const COLUMN_COUNTS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20];
/** Approximately the space that Graphviz leaves between two units of a layer, in pixels. */
const UNIT_GAP = 26;

/** The grid of the organizations of a group. */
export interface Grid {
  columns: number;
  rows: number;
  cardWidth: number;
  width: number;
  height: number;
}

/** The size of a unit (one organization or a group of them), and its grid if it is a group. */
export interface UnitSize {
  width: number;
  height: number;
  grid?: Grid;
}

/**
 * Computes candidates for the sizes of all units. The units of a layer are stacked vertically, and layers are side by side.
 * Each candidate has a maximum height. All groups of a layer have the same maximum count of columns, which is as low as this height
 * allows.
 */
export function computeUnitSizes(
  topology: Topology,
  { units, links }: GroupedTopology,
  computeSingleSize: (index: number) => UnitSize,
): UnitSize[][] {
  const layers = computeLayers(units.length, links);
  const groups = units.map(({ members }) =>
    members.length > 1
      ? { count: members.length, cardWidth: computeSmallCardWidth(topology, members) }
      : undefined,
  );
  const candidates = new Map<string, UnitSize[]>();
  for (const columns of COLUMN_COUNTS) {
    const widest = groups.map((group, index): UnitSize =>
      group ? createUnitSize(createGrid(group, columns)) : computeSingleSize(index),
    );
    const height = Math.max(0, ...computeHeights(widest, layers).values());
    const sizes = narrowGroups(widest, groups, layers, height);
    candidates.set(sizes.map(({ grid }) => grid?.columns ?? 0).join(" "), sizes);
  }
  return [...candidates.values()];
}

type Group = { count: number; cardWidth: number } | undefined;

/** Reduces the columns of groups in each layer, as long as the layer does not exceed the height. */
function narrowGroups(
  widest: readonly UnitSize[],
  groups: readonly Group[],
  layers: readonly number[],
  height: number,
): UnitSize[] {
  let sizes = [...widest];
  for (const layer of new Set(layers)) {
    for (let columns = Math.max(...COLUMN_COUNTS); columns >= 1; columns--) {
      const next = sizes.map((size, index) => {
        const group = groups[index];
        if (!group || !size.grid || layers[index] !== layer || size.grid.columns <= columns) return size;
        return createUnitSize(createGrid(group, columns));
      });
      if ((computeHeights(next, layers).get(layer) ?? 0) > height) break;
      sizes = next;
    }
  }
  return sizes;
}

const createUnitSize = (grid: Grid): UnitSize => ({ width: grid.width, height: grid.height, grid });

function createGrid({ count, cardWidth }: { count: number; cardWidth: number }, maxColumns: number): Grid {
  const rows = Math.ceil(count / Math.min(maxColumns, count));
  // Omit columns that would be empty.
  const columns = Math.ceil(count / rows);
  return {
    columns,
    rows,
    cardWidth,
    width: columns * (cardWidth + GAP) - GAP + 2 * FRAME_PAD,
    height: rows * (SMALL_CARD.height + GAP) - GAP + 2 * FRAME_PAD + FRAME_HEADING_HEIGHT,
  };
}

/** Computes the layer of each unit: the count of links on the longest path that starts at it, like the ranks of Graphviz. */
function computeLayers(count: number, links: GroupedTopology["links"]): number[] {
  const layers = Array.from({ length: count }, () => 0);
  // Limit the rounds, because a cycle would never finish. No path has more links than there are units.
  for (let round = 0; round < count; round++) {
    let changed = false;
    for (const { source, sink } of links) {
      const minLayer = (layers[sink] ?? 0) + 1;
      if (source === sink || minLayer > count || (layers[source] ?? 0) >= minLayer) continue;
      layers[source] = minLayer;
      changed = true;
    }
    if (!changed) break;
  }
  return layers;
}

function computeHeights(sizes: readonly UnitSize[], layers: readonly number[]): Map<number, number> {
  const heights = new Map<number, number>();
  for (const [index, { height }] of sizes.entries()) {
    const layer = layers[index] ?? 0;
    heights.set(layer, (heights.get(layer) ?? 0) + height + UNIT_GAP);
  }
  return heights;
}
