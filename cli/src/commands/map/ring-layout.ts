import { SPOT } from "./measures.js";
import type { Card, Layout, Line, Point } from "./layout.js";
import { measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import type { GroupedTopology } from "../../topology/group-topology.js";

/** The minimum distance between neighboring names on the ring, in pixels, so that they do not overlap. */
const STEP = 19;
/** The minimum radius of the ring, in pixels. */
const MIN_RADIUS = 200;

/**
 * Computes a layout with all organizations on a ring, their names outside of the ring, and their connections as curves across the
 * ring. This layout is for a mesh, which has no order from left to right. It is also for a topology that is too large for a
 * readable layout from left to right.
 *
 * @param grouped - the links of the topology, with one organization in each unit
 */
export function computeRingLayout(topology: Topology, grouped: GroupedTopology): Layout {
  const { organizations } = topology;
  const { links } = grouped;
  const order = orderOrganizations(topology);
  const radius = Math.max(MIN_RADIUS, (order.length * STEP) / (2 * Math.PI));
  const widestName = Math.max(0, ...organizations.map(({ name }) => measureText(name, SPOT.size)));
  const halfSize = radius + Math.min(SPOT.maxWidth, widestName) + 4 * SPOT.radius;
  const computePosition = (angle: number, distance: number): Point => ({
    x: halfSize + distance * Math.cos(angle),
    y: halfSize + distance * Math.sin(angle),
  });
  // In radians. With the offset of half a step, the first and the last organization are equally far from the rightmost point of the
  // ring.
  const angles = new Map(
    order.map((organization, index) => [organization, ((index + 0.5) / order.length) * 2 * Math.PI] as const),
  );
  const getAngle = (organization: number) => angles.get(organization) ?? 0;
  return {
    width: 2 * halfSize,
    height: 2 * halfSize,
    // Lines are thinner than in a layout from left to right, because many of them cross.
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
      // Between neighbors, the curve stays near the ring. Between opposite organizations, it passes near the center.
      const controlRadius = inner * (1 - 0.85 * Math.abs(Math.sin((to - from) / 2)));
      // In radians. Without this separation, the curve from A to B and the curve from B to A would coincide.
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

/**
 * Orders organizations by the largest hub that they share with, so that a hub and its sources are usually neighbors. The size of a
 * hub is the count of the connections to it.
 */
function orderOrganizations({ organizations, connections }: Topology): number[] {
  const received = new Map<string, number>();
  for (const { sinkOrgId } of connections) received.set(sinkOrgId, (received.get(sinkOrgId) ?? 0) + 1);
  const hubBySource = new Map<string, string>();
  const countReceived = (id: string) => received.get(id) ?? 0;
  for (const { sourceOrgId, sinkOrgId } of connections) {
    const currentHub = hubBySource.get(sourceOrgId);
    if (currentHub === undefined || countReceived(sinkOrgId) > countReceived(currentHub))
      hubBySource.set(sourceOrgId, sinkOrgId);
  }
  // A hub that shares with a larger hub is placed with the larger hub. All other hubs are placed with their own sources.
  const findHome = (id: string): string => {
    const hub = hubBySource.get(id);
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
