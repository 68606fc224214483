import { operations } from "../systems/system.mjs";
import { countCalls } from "./calls.mjs";
import { computeSetGrowth } from "./growth.mjs";
import { computeLatencyBound } from "./latency.mjs";
import { compareSetMemory, computeHubMemory } from "./memory.mjs";
import { comparePluginWithTofu } from "./plugin.mjs";
import {
  compareHubWithTofu,
  compareSetWithFloor,
  compareSetWithTofu,
  compareSingleWithFloor,
} from "./wall-time.mjs";

/**
 * Computes the performance bounds. Bounds of systems or sizes that were not run are omitted.
 * @param {import("./compare-rounds.mjs").Sample[]} samples
 * @returns {import("./compare-rounds.mjs").Bound[]}
 */
export const computeBounds = (samples) => [
  ...[40, 100].flatMap((count) =>
    operations.flatMap((operation) => compareHubWithTofu(samples, count, operation)),
  ),
  ...comparePluginWithTofu(samples),
  ...operations.flatMap((operation) => computeHubMemory(samples, operation)),
  ...operations.flatMap((operation) => compareSingleWithFloor(samples, operation)),
  ...operations.flatMap((operation) => compareSetWithFloor(samples, operation)),
  ...operations.flatMap((operation) => compareSetWithTofu(samples, operation)),
  ...countCalls(samples),
  ...operations.flatMap((operation) => compareSetMemory(samples, operation)),
  ...operations.flatMap((operation) => computeSetGrowth(samples, operation)),
  ...computeLatencyBound(samples),
];

/** @param {import("./compare-rounds.mjs").Bound} bound whose value is not a number does not hold */
export const holds = ({ value, atMost }) => value <= atMost;
