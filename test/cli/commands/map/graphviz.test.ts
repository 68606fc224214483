import { expect, test, vi } from "vitest";
import { runGraphviz, type GraphvizInput } from "../../../../cli/src/commands/map/graphviz.js";

const mocks = vi.hoisted(() => ({ instances: 0 }));

vi.mock("@viz-js/viz", async (load) => {
  const real = await load<{ instance: () => unknown }>();
  return {
    ...real,
    instance: () => {
      mocks.instances++;
      return real.instance();
    },
  };
});

const createGraph = (count: number): GraphvizInput => ({
  graph: { rankdir: "LR", splines: "true" },
  nodes: Array.from({ length: count }, (_, index) => ({ width: 50 + index, height: 30 })),
  edges: Array.from({ length: count }, (_, index) => ({
    tail: index,
    head: (index * 3 + 1) % count,
    label: { width: 20 + index, height: 10 },
    isLeftToRight: index % 2 === 0,
  })),
});

test("all graphs use one instance, and an earlier graph does not change the layout of a later one", async () => {
  const graph = createGraph(12);
  const first = await runGraphviz(graph);
  const [other] = await Promise.all([runGraphviz(createGraph(30)), runGraphviz(createGraph(5))]);
  expect(await runGraphviz(graph)).toEqual(first);
  expect(other).not.toEqual(first);
  expect(mocks.instances).toBe(1);
});
