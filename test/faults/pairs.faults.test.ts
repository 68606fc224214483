/** Two faults in one operation, at random: FAULTS_PAIRS, FAULTS_SEED. `npm run faults -- --pairs 500` runs this. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { catalog } from "./catalog.js";
import { kinds, getSkipReason } from "./kinds.js";
import { listRequests, playCell } from "./play-cell.js";
import { reportCell, getResult, startReport } from "./report.js";

const count = Number(process.env["FAULTS_PAIRS"] ?? 50);
const seed = Number(process.env["FAULTS_SEED"] ?? 20261126);

startReport();

test(`${count} pairs of faults of seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const sandbox = await startSandbox();
  const problems: string[] = [];
  const methodsOf = new Map<string, string[]>();
  try {
    for (const operation of catalog) {
      const requests = await listRequests(sandbox, operation);
      methodsOf.set(
        operation.name,
        requests.map(({ method }) => method),
      );
    }
    const placed = fc.record({ request: fc.nat({ max: 40 }), kind: fc.constantFrom(...kinds) });
    const samples = fc.sample(fc.tuple(fc.constantFrom(...catalog), placed, placed), {
      numRuns: count,
      seed,
    });
    for (const [operation, first, second] of samples) {
      const methods = methodsOf.get(operation.name) ?? [];
      // The second fault may come after the last request, and then has no effect.
      const faults = [first, second]
        .map(({ request, kind }) => ({ request: request % methods.length, kind }))
        .filter(({ request, kind }) => getSkipReason(kind, methods[request] ?? "") === undefined);
      const kind = faults.map((one) => `${one.kind.name} at ${one.request + 1}`).join(" and ");
      const { result, why } = await getResult(playCell(sandbox, operation, faults), 0);
      reportCell({
        operation: operation.name,
        request: (faults[0]?.request ?? 0) + 1,
        requests: methods.length,
        method: methods[faults[0]?.request ?? 0] ?? "",
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
