import { describe, expect, test } from "vitest";
import { computeGroupedLayout } from "../../../../cli/src/commands/map/layout.js";
import { buildTopology, type ConnectionRow } from "../../../../cli/src/topology/build-topology.js";
import { renderSvg } from "../../../../cli/src/commands/map/svg.js";

const createRow = (from: string, to: string, types = ["logs"]): ConnectionRow => ({
  id: `${from}-${to}`,
  source: { id: from, name: from },
  sink: { id: to, name: to },
  types,
});
const createNumbers = (count: number) => Array.from({ length: count }, (_, at) => at);

const shapes: Record<string, ConnectionRow[]> = {
  "one connection": [createRow("a", "b")],
  "a hub and 200 sources": createNumbers(200).map((at) => createRow(`source ${at}`, "hub")),
  "a hub and 500 sources, each with a second destination": createNumbers(500).flatMap((at) => [
    createRow(`source ${at}`, "hub"),
    createRow(`source ${at}`, `vault ${at % 7}`),
  ]),
  "a cycle of three": [createRow("a", "b"), createRow("b", "c"), createRow("c", "a"), createRow("b", "a")],
  "a mesh of 12": createNumbers(12).flatMap((from) =>
    createNumbers(12).flatMap((to) =>
      from === to ? [] : [createRow(`org ${from}`, `org ${to}`, ["logs", "metrics"])],
    ),
  ),
  "an organization that shares with itself": [createRow("a", "a"), createRow("a", "b")],
  "one source and 60 destinations": createNumbers(60).map((at) => createRow("hub", `sink ${at}`)),
};

describe.each(Object.entries(shapes))("%s", (_, rows) => {
  const topology = buildTopology(rows);

  test("each organization is drawn once, inside the picture, without overlap", async () => {
    const { width, height, cards } = (await computeGroupedLayout(topology)).layout;
    expect(cards.map(({ organization }) => organization).toSorted((a, b) => a - b)).toEqual(
      createNumbers(topology.organizations.length),
    );
    const sides = cards.map((card) => ({
      left: card.x - card.width / 2,
      right: card.x + card.width / 2,
      top: card.y - card.height / 2,
      bottom: card.y + card.height / 2,
    }));
    for (const { left, right, top, bottom } of sides) {
      expect(left >= -0.5 && right <= width + 0.5 && top >= -0.5 && bottom <= height + 0.5).toBe(true);
    }
    const onOther = sides.filter((a, at) =>
      sides
        .slice(at + 1)
        .some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
    );
    expect(onOther).toEqual([]);
  });

  test("each line leads from its source to its destination", async () => {
    const { grouped, layout } = await computeGroupedLayout(topology);
    expect(layout.lines.map(({ linkIndex }) => linkIndex)).toEqual(createNumbers(grouped.links.length));
    const cardOf = new Map(layout.cards.map((card) => [card.organization, card]));
    for (const { linkIndex, curve } of layout.lines) {
      const { source = 0, sink = 0 } = grouped.links[linkIndex] ?? {};
      for (const [unit, end] of [
        [source, curve[0]],
        [sink, curve.at(-1)],
      ] as const) {
        const members = (grouped.units[unit]?.members ?? []).map((member) => cardOf.get(member));
        const near = members.some(
          (card) =>
            card &&
            end &&
            Math.abs(end.x - card.x) <= card.width / 2 + 20 &&
            Math.abs(end.y - card.y) <= card.height / 2 + 45,
        );
        expect(near, `end of link ${linkIndex}`).toBe(true);
      }
    }
  });

  test("the same topology gives the same drawing", async () => {
    const draw = () => renderSvg(buildTopology(rows.toReversed()), { title: "t" });
    expect(await draw()).toBe(await renderSvg(topology, { title: "t" }));
  });
});

test("an empty topology gives an empty picture", async () => {
  const svg = await renderSvg(buildTopology([]), { title: "Empty" });
  expect(svg).toContain("0 organizations, 0 connections");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
