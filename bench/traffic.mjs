/**
 * The requests of one operation.
 * @typedef {object} Traffic
 * @property {number} calls
 * @property {number} writes
 * @property {number} concurrentSeconds with at least one outstanding request
 * @property {number} spanSeconds from the first request to the last response
 * @property {number} maxConcurrent
 * @property {number} refused responses with status 400 and above
 */

/**
 * @param {readonly import("../sandbox/src/index.js").LoggedRequest[]} requests
 * @returns {Traffic}
 */
export function computeTraffic(requests) {
  const spans = requests.map(({ startedAt, endedAt }) => ({ start: startedAt, end: endedAt ?? startedAt }));
  const edges = spans
    .flatMap(({ start, end }) => [
      { at: start, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || b.step - a.step);
  let busyMs = 0;
  let concurrent = 0;
  let maxConcurrent = 0;
  let since = 0;
  for (const { at, step } of edges) {
    if (concurrent > 0) busyMs += at - since;
    concurrent += step;
    since = at;
    maxConcurrent = Math.max(maxConcurrent, concurrent);
  }
  return {
    calls: requests.length,
    writes: requests.filter(({ method }) => method !== "GET").length,
    concurrentSeconds: busyMs / 1000,
    spanSeconds: ((edges.at(-1)?.at ?? 0) - (edges[0]?.at ?? 0)) / 1000,
    maxConcurrent,
    refused: requests.filter(({ status }) => status === undefined || status >= 400).length,
  };
}
