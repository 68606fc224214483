/**
 * What a tool sent during one operation.
 * @typedef {object} Traffic
 * @property {number} calls
 * @property {number} writes
 * @property {number} inFlightSeconds with at least one request in flight
 * @property {number} spanSeconds from the first request to the last answer
 * @property {number} mostInFlight
 * @property {number} refused answers of status 400 and above
 */

/**
 * @param {readonly import("../sandbox/src/index.js").LoggedRequest[]} requests
 * @returns {Traffic}
 */
export function trafficOf(requests) {
  const spans = requests.map(({ startedAt, endedAt }) => ({ start: startedAt, end: endedAt ?? startedAt }));
  const edges = spans
    .flatMap(({ start, end }) => [
      { at: start, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || b.step - a.step);
  let busyMs = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  let since = 0;
  for (const { at, step } of edges) {
    if (inFlight > 0) busyMs += at - since;
    inFlight += step;
    since = at;
    mostInFlight = Math.max(mostInFlight, inFlight);
  }
  return {
    calls: requests.length,
    writes: requests.filter(({ method }) => method !== "GET").length,
    inFlightSeconds: busyMs / 1000,
    spanSeconds: ((edges.at(-1)?.at ?? 0) - (edges[0]?.at ?? 0)) / 1000,
    mostInFlight,
    refused: requests.filter(({ status }) => status === undefined || status >= 400).length,
  };
}
