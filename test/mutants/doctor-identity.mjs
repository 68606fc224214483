const accepted = ["test/cli/commands/doctor/workload-identity.test.ts"];
const failures = ["test/cli/commands/doctor/workload-identity-failures.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const doctorIdentity = [
  {
    name: "doctor: a response that repeats the proof is printed",
    file: "workload-identity-checks.ts",
    find: "found: redact(check.found)",
    replace: "found: check.found",
    tests: accepted,
  },
  {
    name: "doctor: a token that was issued for an organization does not prove it",
    file: "listings.ts",
    find: "deriveCaller(ids, issuedFor) ?? ",
    replace: "",
    tests: accepted,
  },
  {
    name: "doctor: the claims that mappings compare are not shown",
    file: "describe-proof.ts",
    find: '"event_name"',
    replace: '"event"',
    tests: accepted,
  },
  {
    name: "doctor: a new token that has expired is accepted",
    file: "exchange-checks.ts",
    find: "accessToken.expiresAt > Date.now()",
    replace: "accessToken.expiresAt > 0",
    tests: failures,
  },
  {
    name: "doctor: a wrong clock and the exchange that fails because of it are two problems",
    file: "exchange-checks.ts",
    find: "[host, explainByClock(clock)]",
    replace: "[host, clock, problem]",
    tests: failures,
  },
  {
    name: "doctor: an access token that Datadog refuses has no result",
    file: "issued-token-check.ts",
    find: "status === 401",
    replace: "status === 400",
    tests: failures,
  },
];
