import { computeMedian } from "../figures.mjs";
import { createBound } from "./compare-rounds.mjs";

/** The concurrent requests of a set. */
const concurrent = 32;

/**
 * @param {import("./compare-rounds.mjs").Sample[]} samples
 * @returns {import("./compare-rounds.mjs").Bound[]}
 */
export function computeLatencyBound(samples) {
  const [values = [], floors = []] = ["set", "requests"].map((system) =>
    samples
      .filter(
        (one) =>
          one.system === system &&
          one.workload === "one-source" &&
          one.operation === "create" &&
          one.count === 1000 &&
          one.latencyMs > 0,
      )
      .map(({ traffic, latencyMs }) => traffic.spanSeconds / ((1000 * latencyMs) / 1000 / concurrent)),
  );
  if (values.length === 0) return [];
  const what = "set, create with latency: first request to last response ÷ (1,000 × latency ÷ 32)";
  return [
    {
      ...createBound(what, values, 1.3),
      ...(floors.length > 0 && { floor: { title: "the requests alone", value: computeMedian(floors) } }),
    },
  ];
}
