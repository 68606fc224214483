import {
  computeHeadingWidth,
  FRAME_HEADING_HEIGHT,
  FRAME_PAD,
  GAP,
  SMALL_CARD,
  computeSmallCardWidth,
} from "./measures.js";
import type { Topology } from "../../topology/topology.js";
import type { GroupedTopology } from "../../topology/group-topology.js";

/**
 * Values for the maximum count of columns. Each value results in one candidate for the sizes of all units. Equal candidates are
 * merged.
 */
const COLUMN_COUNTS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20];
/** Approximately the space that Graphviz leaves between two units of a layer, in pixels. */
const UNIT_GAP = 26;

/** The grid of the organizations of a group. */
export interface Grid {
  columns: number;
  rows: number;
  cardWidth: number;
  /** Includes the frame around the grid. */
  width: number;
  /** Includes the frame around the grid. */
  height: number;
}

/** The size of a unit. A unit is one organization or a group of organizations. Only a group has a grid. */
export interface UnitSize {
  width: number;
  height: number;
  grid?: Grid;
}

/**
 * Computes candidates for the sizes of all units. The units of a layer are stacked, and layers are side by side. A candidate starts
 * with the same maximum count of columns for all groups. Then {@link narrowGroups} reduces the columns, as long as no layer becomes
 * taller than the tallest one was before.
 *
 * @param computeSingleSize - computes the size of a unit with one organization
 */
export function computeUnitSizes(
  topology: Topology,
  { units, links }: GroupedTopology,
  computeSingleSize: (index: number) => UnitSize,
): UnitSize[][] {
  const layers = computeLayers(units.length, links);
  const groups = units.map(({ members }): Group | undefined =>
    members.length > 1
      ? {
          count: members.length,
          cardWidth: computeSmallCardWidth(topology, members),
          headingWidth: computeHeadingWidth(topology, members.length),
        }
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

/** What determines the grid of a group. */
interface Group {
  /** The count of its cards. */
  count: number;
  cardWidth: number;
  /** The cards of a narrow grid are wider, so that its frame is at least as wide as its heading. */
  headingWidth: number;
}

/**
 * Reduces the columns of the groups in each layer, without making the layer taller than `height`.
 *
 * @param groups - the group of each unit, or undefined for a unit with one organization
 */
function narrowGroups(
  widest: readonly UnitSize[],
  groups: readonly (Group | undefined)[],
  layers: readonly number[],
  height: number,
): UnitSize[] {
  let sizes = [...widest];
  for (const layer of new Set(layers)) {
    for (let columns = Math.max(...COLUMN_COUNTS); columns >= 1; columns--) {
      const narrowed = sizes.map((size, index) => {
        const group = groups[index];
        if (!group || !size.grid || layers[index] !== layer || size.grid.columns <= columns) return size;
        return createUnitSize(createGrid(group, columns));
      });
      if ((computeHeights(narrowed, layers).get(layer) ?? 0) > height) break;
      sizes = narrowed;
    }
  }
  return sizes;
}

const createUnitSize = (grid: Grid): UnitSize => ({ width: grid.width, height: grid.height, grid });

function createGrid({ count, cardWidth: minCardWidth, headingWidth }: Group, maxColumns: number): Grid {
  const rows = Math.ceil(count / Math.min(maxColumns, count));
  // The cards fill one column after the other, so more columns could leave the last ones empty.
  const columns = Math.ceil(count / rows);
  const cardWidth = Math.max(minCardWidth, Math.ceil((headingWidth + GAP) / columns) - GAP);
  return {
    columns,
    rows,
    cardWidth,
    width: columns * (cardWidth + GAP) - GAP + 2 * FRAME_PAD,
    height: rows * (SMALL_CARD.height + GAP) - GAP + 2 * FRAME_PAD + FRAME_HEADING_HEIGHT,
  };
}

/** Computes the layer of each unit: the count of links on the longest path that starts there. The ranks of Graphviz are similar. */
function computeLayers(count: number, links: GroupedTopology["links"]): number[] {
  const layers = Array.from({ length: count }, () => 0);
  // The count of units limits the rounds and the layers, because the layers in a cycle would increase forever. Without a cycle,
  // every path has fewer links than there are units.
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

/** Computes the height of each layer. */
function computeHeights(sizes: readonly UnitSize[], layers: readonly number[]): Map<number, number> {
  const heights = new Map<number, number>();
  for (const [index, { height }] of sizes.entries()) {
    const layer = layers[index] ?? 0;
    heights.set(layer, (heights.get(layer) ?? 0) + height + UNIT_GAP);
  }
  return heights;
}
