import { SPOT } from "./measures.js";
import type { Card, Layout, Line, Point } from "./picture.js";
import { measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import type { Drawn } from "../../topology/units.js";

/** Along the ring, from one name to the next: their letters must not touch. */
const STEP = 19;
const LEAST_RADIUS = 200;

/**
 * All organizations on a ring, their names outside, the connections as curves across it: for a mesh, where nothing comes
 * before anything else. Who shares with the same hub stands side by side.
 */
export function ringLayout(topology: Topology, { links }: Drawn): Layout {
  const { organizations } = topology;
  const order = orderOf(topology);
  const radius = Math.max(LEAST_RADIUS, (order.length * STEP) / (2 * Math.PI));
  const widest = Math.max(0, ...organizations.map(({ name }) => measureText(name, SPOT.size)));
  const reach = radius + Math.min(SPOT.most, widest) + 4 * SPOT.radius;
  const at = (turn: number, distance: number): Point => ({
    x: reach + distance * Math.cos(turn),
    y: reach + distance * Math.sin(turn),
  });
  // Half a step on, so that no name stands exactly upright.
  const turns = new Map(
    order.map((organization, place) => [organization, ((place + 0.5) / order.length) * 2 * Math.PI] as const),
  );
  const turnOf = (organization: number) => turns.get(organization) ?? 0;
  return {
    width: 2 * reach,
    height: 2 * reach,
    // Many lines cross one another.
    strength: links.length > 100 ? 0.5 : 0.8,
    frames: [],
    cards: order.map((organization): Card => {
      const turn = turnOf(organization);
      const size = 2 * SPOT.radius;
      return {
        ...at(turn, radius),
        width: size,
        height: size,
        organization,
        form: "spot",
        angle: (turn * 180) / Math.PI,
      };
    }),
    lines: links.map(({ source, sink }, link): Line => {
      const [from, to] = [turnOf(source), turnOf(sink)];
      const inner = radius - SPOT.radius - 2;
      // Near ones are joined by a flat curve, opposite ones by one through the middle.
      const pull = inner * (1 - 0.85 * Math.abs(Math.sin((to - from) / 2)));
      const apart = 0.02;
      return { link, curve: [at(from, inner), at(from + apart, pull), at(to - apart, pull), at(to, inner)] };
    }),
  };
}

/** Beside its first hub, by the hubs' size, stands what shares with it. */
function orderOf({ organizations, connections }: Topology): number[] {
  const received = new Map<string, number>();
  for (const { sinkOrgId } of connections) received.set(sinkOrgId, (received.get(sinkOrgId) ?? 0) + 1);
  const hubOf = new Map<string, string>();
  const size = (id: string) => received.get(id) ?? 0;
  for (const { sourceOrgId, sinkOrgId } of connections) {
    const known = hubOf.get(sourceOrgId);
    if (known === undefined || size(sinkOrgId) > size(known)) hubOf.set(sourceOrgId, sinkOrgId);
  }
  // A hub stands with its own: it is its own hub, unless a larger one is there.
  const home = (id: string): string => {
    const hub = hubOf.get(id);
    return hub !== undefined && size(hub) > size(id) ? hub : id;
  };
  return organizations
    .map(({ id }, at) => ({ at, home: home(id) }))
    .sort((a, b) => size(b.home) - size(a.home) || (a.home < b.home ? -1 : a.home > b.home ? 1 : a.at - b.at))
    .map(({ at }) => at);
}
