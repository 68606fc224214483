/** Two faults in one operation, at random: FAULTS_PAIRS, FAULTS_SEED, FAULTS_HOST. `npm run faults -- --pairs 500` runs this. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { routes, type RouteName } from "../../core/src/api/routes.js";
import { startSandbox } from "../../sandbox/src/index.js";
import { runOnPlugin, runOperation } from "../histories/operation.js";
import { listOperations } from "./catalog.js";
import { kinds, getSkipReason } from "./kinds.js";
import { listRoutes, playCell } from "./play-cell.js";
import { reportCell, getResult, startReport } from "./report.js";

const count = Number(process.env["FAULTS_PAIRS"] ?? 50);
const seed = Number(process.env["FAULTS_SEED"] ?? 20261126);

const host = process.env["FAULTS_HOST"] ?? "dynamic";
const run = host === "plugin" ? runOnPlugin : runOperation;
const catalog = listOperations(host);

startReport();

test(`${count} pairs of faults of seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const sandbox = await startSandbox();
  const problems: string[] = [];
  const routesOf = new Map<string, RouteName[]>();
  try {
    for (const operation of catalog) routesOf.set(operation.name, await listRoutes(sandbox, operation, run));
    const placed = fc.record({ request: fc.nat({ max: 40 }), kind: fc.constantFrom(...kinds) });
    const samples = fc.sample(fc.tuple(fc.constantFrom(...catalog), placed, placed), {
      numRuns: count,
      seed,
    });
    for (const [operation, first, second] of samples) {
      const requests = routesOf.get(operation.name) ?? [];
      // The second fault may come after the last request, and then has no effect.
      const faults = [first, second]
        .map(({ request, kind }) => ({ request: request % requests.length, kind }))
        .filter(({ request, kind }) => {
          const route = requests[request];
          return route !== undefined && getSkipReason(kind, route) === undefined;
        });
      const kind = faults.map((one) => `${one.kind.name} at ${one.request + 1}`).join(" and ");
      const { result, why } = await getResult(playCell(sandbox, operation, faults, { run }), 0);
      reportCell({
        operation: operation.name,
        request: (faults[0]?.request ?? 0) + 1,
        requests: requests.length,
        method: routes[requests[faults[0]?.request ?? 0] ?? "listConnections"].method,
        kind: "two faults",
        result,
        ...(why !== undefined && { why }),
      });
      if (result === "diverged") problems.push(`${operation.name} / ${kind}: ${why ?? ""}`);
    }
  } finally {
    await sandbox.close();
  }
  expect(problems.join("\n\n")).toBe("");
});
