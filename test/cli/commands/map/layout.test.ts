import { describe, expect, test } from "vitest";
import { pictureOf } from "../../../../cli/src/commands/map/layout.js";
import { topologyOf, type ConnectionRow } from "../../../../cli/src/topology/rows.js";
import { svgOf } from "../../../../cli/src/commands/map/svg.js";

const share = (from: string, to: string, types = ["logs"]): ConnectionRow => ({
  id: `${from}-${to}`,
  source: { id: from, name: from },
  sink: { id: to, name: to },
  types,
});
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

const shapes: Record<string, ConnectionRow[]> = {
  "one connection": [share("a", "b")],
  "a hub and 200 sources": numbers(200).map((at) => share(`source ${at}`, "hub")),
  "a hub and 500 sources, each of which has its own second sink": numbers(500).flatMap((at) => [
    share(`source ${at}`, "hub"),
    share(`source ${at}`, `vault ${at % 7}`),
  ]),
  "a circle of three": [share("a", "b"), share("b", "c"), share("c", "a"), share("b", "a")],
  "a mesh of 12": numbers(12).flatMap((from) =>
    numbers(12).flatMap((to) =>
      from === to ? [] : [share(`org ${from}`, `org ${to}`, ["logs", "metrics"])],
    ),
  ),
  "an organization that shares with itself": [share("a", "a"), share("a", "b")],
  "one source and 60 sinks": numbers(60).map((at) => share("hub", `sink ${at}`)),
};

describe.each(Object.entries(shapes))("%s", (_, rows) => {
  const topology = topologyOf(rows);

  test("each organization stands once, inside the picture, on no other", async () => {
    const { width, height, cards } = (await pictureOf(topology)).layout;
    expect(cards.map(({ organization }) => organization).toSorted((a, b) => a - b)).toEqual(
      numbers(topology.organizations.length),
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

  test("each line runs from its source to its sink", async () => {
    const { drawn, layout } = await pictureOf(topology);
    expect(layout.lines.map(({ link }) => link)).toEqual(numbers(drawn.links.length));
    const cardOf = new Map(layout.cards.map((card) => [card.organization, card]));
    for (const { link, curve } of layout.lines) {
      const { source = 0, sink = 0 } = drawn.links[link] ?? {};
      for (const [unit, end] of [
        [source, curve[0]],
        [sink, curve.at(-1)],
      ] as const) {
        const members = (drawn.units[unit]?.members ?? []).map((member) => cardOf.get(member));
        const near = members.some(
          (card) =>
            card &&
            end &&
            Math.abs(end.x - card.x) <= card.width / 2 + 20 &&
            Math.abs(end.y - card.y) <= card.height / 2 + 45,
        );
        expect(near, `end of link ${link}`).toBe(true);
      }
    }
  });

  test("the same is drawn the same", async () => {
    const draw = () => svgOf(topologyOf(rows.toReversed()), { title: "t" });
    expect(await draw()).toBe(await svgOf(topology, { title: "t" }));
  });
});

test("nothing is a picture of nothing", async () => {
  const svg = await svgOf(topologyOf([]), { title: "Empty" });
  expect(svg).toContain("0 organizations, 0 connections");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
