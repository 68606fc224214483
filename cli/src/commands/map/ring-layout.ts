import { SPOT } from "./measures.js";
import type { Card, Layout, Line, Point } from "./layout.js";
import { measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import type { GroupedTopology } from "../../topology/group-topology.js";

/** The minimum distance between two names on the ring, so that they do not overlap. */
const STEP = 19;
const MIN_RADIUS = 200;

/**
 * Computes a layout with all organizations on a ring, names outside, and connections as curves across it. It is for a
 * mesh, which has no order from left to right, and for topologies that are too large for such an order. Organizations whose
 * largest hub is the same are usually neighbors.
 */
export function computeRingLayout(topology: Topology, { links }: GroupedTopology): Layout {
  const { organizations } = topology;
  const order = orderOrganizations(topology);
  const radius = Math.max(MIN_RADIUS, (order.length * STEP) / (2 * Math.PI));
  const widest = Math.max(0, ...organizations.map(({ name }) => measureText(name, SPOT.size)));
  const halfSize = radius + Math.min(SPOT.maxWidth, widest) + 4 * SPOT.radius;
  const computePosition = (angle: number, distance: number): Point => ({
    x: halfSize + distance * Math.cos(angle),
    y: halfSize + distance * Math.sin(angle),
  });
  // The first angle is half of the angle between two neighbors, so that the upper and the lower half are symmetrical.
  const angles = new Map(
    order.map((organization, index) => [organization, ((index + 0.5) / order.length) * 2 * Math.PI] as const),
  );
  const getAngle = (organization: number) => angles.get(organization) ?? 0;
  return {
    width: 2 * halfSize,
    height: 2 * halfSize,
    // Lines are thinner, because many of them cross.
    lineScale: links.length > 100 ? 0.5 : 0.8,
    frames: [],
    cards: order.map((organization): Card => {
      const angle = getAngle(organization);
      const size = 2 * SPOT.radius;
      return {
        ...computePosition(angle, radius),
        width: size,
        height: size,
        organization,
        form: "spot",
        angle: (angle * 180) / Math.PI,
      };
    }),
    lines: links.map(({ source, sink }, linkIndex): Line => {
      const [from, to] = [getAngle(source), getAngle(sink)];
      const inner = radius - SPOT.radius - 2;
      // The curve is flat between neighbors, and passes through the center between opposite organizations.
      const controlRadius = inner * (1 - 0.85 * Math.abs(Math.sin((to - from) / 2)));
      // In radians. Without it, the curve from A to B and the curve from B to A would coincide.
      const separation = 0.02;
      return {
        linkIndex,
        curve: [
          computePosition(from, inner),
          computePosition(from + separation, controlRadius),
          computePosition(to - separation, controlRadius),
          computePosition(to, inner),
        ],
      };
    }),
  };
}

/** Orders organizations by the size of their largest hub, so that the sources of a hub are usually next to it. */
function orderOrganizations({ organizations, connections }: Topology): number[] {
  const received = new Map<string, number>();
  for (const { sinkOrgId } of connections) received.set(sinkOrgId, (received.get(sinkOrgId) ?? 0) + 1);
  const hubs = new Map<string, string>();
  const countReceived = (id: string) => received.get(id) ?? 0;
  for (const { sourceOrgId, sinkOrgId } of connections) {
    const currentHub = hubs.get(sourceOrgId);
    if (currentHub === undefined || countReceived(sinkOrgId) > countReceived(currentHub))
      hubs.set(sourceOrgId, sinkOrgId);
  }
  // A hub is placed with its own sources: it counts as its own hub, unless it shares with a larger one.
  const findHome = (id: string): string => {
    const hub = hubs.get(id);
    return hub !== undefined && countReceived(hub) > countReceived(id) ? hub : id;
  };
  return organizations
    .map(({ id }, index) => ({ index, home: findHome(id) }))
    .sort(
      (a, b) =>
        countReceived(b.home) - countReceived(a.home) ||
        (a.home < b.home ? -1 : a.home > b.home ? 1 : a.index - b.index),
    )
    .map(({ index }) => index);
}
