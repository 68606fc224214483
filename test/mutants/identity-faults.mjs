/**
 * Safety checks of workload identities, each with a cell of the fault table that fails without it. The number is that of the
 * guarantee in SECURITY.md.
 * @type {readonly import("./index.mjs").Mutant[]}
 */
export const identityFaults = [
  {
    name: "table of faults: 1, keys of a lower level are used instead of an identity",
    file: "level-credentials.ts",
    find: "hasKeysOrToken(level) || isSet(level.identity)",
    replace: "hasKeysOrToken(level)",
    tests: [],
    cells: "create with an identity that is not mapped / no fault",
  },
  {
    name: "table of faults: 1, the proof is sent with other calls",
    file: "authentication.ts",
    find: 'if (authentication.kind === "token") return { Authorization: `Bearer ${authentication.token}` };',
    replace:
      'if (authentication.kind === "token") return { Authorization: `Delegated ${authentication.token}` };',
    tests: [],
    cells: "refresh with an identity / no fault",
  },
  {
    name: "table of faults: 5, the exchange is not sent again after a reset",
    file: "retry.ts",
    find: 'if (isWrite(route) && routes[route].method === "POST") return false;',
    replace: 'if (routes[route].method === "POST") return false;',
    tests: [],
    cells: "refresh with an identity / request 1 (POST) / connection reset, not done",
  },
  {
    name: "table of faults: 5, an exchange has no timeout",
    file: "api-calls.ts",
    find: "Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs)",
    replace:
      'request.route === "exchangeToken" ? remainingMs : Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs)',
    tests: [],
    cells: "refresh with an identity / request 1 (POST) / slower than the deadline, not done",
  },
  {
    name: "table of faults: 5, a token that is refused once is not replaced",
    file: "api-calls.ts",
    find: "if (result.canRetryWithNewToken && !hasRetriedWithNewToken) {",
    replace: "if (result.canRetryWithNewToken && hasRetriedWithNewToken) {",
    tests: [],
    cells: "refresh with an identity / request 2 (GET) / 401",
  },
];
