/**
 * Every single fault: each operation of the catalog, with each kind of fault at each of its requests. `npm
 * run faults` runs this in two processes for each host and prints the tables: FAULTS_HOST (`dynamic` or `plugin`),
 * FAULTS_PART (`1/2`), FAULTS_ONLY (parts of cell names, one per line), FAULTS_REPORT.
 */
import { expect, test } from "vitest";
import { routes } from "../../core/src/api/routes.js";
import { startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { runOnPlugin, runOperation } from "../histories/operation.js";
import { listOperations } from "./catalog.js";
import type { CatalogOperation } from "./catalog-operation.js";
import { kinds, getSkipReason } from "./kinds.js";
import { listRoutes, playCell } from "./play-cell.js";
import { reportCell, getResult, startReport } from "./report.js";

const [part = 1, parts = 1] = (process.env["FAULTS_PART"] ?? "1/1").split("/").map(Number);
const only = (process.env["FAULTS_ONLY"] ?? "").split("\n");
const host = process.env["FAULTS_HOST"] ?? "dynamic";
const run = host === "plugin" ? runOnPlugin : runOperation;
const isSelected = (name: string) => only.some((part) => name.includes(part));
const own = listOperations(host)
  .filter((_, at) => at % parts === part - 1)
  .map((operation): [string, CatalogOperation] => [operation.name, operation]);

startReport();

test.each(own)("%s", { timeout: 1_800_000 }, async (_, operation) => {
  const sandbox = await startSandbox();
  const problems: string[] = [];
  try {
    const plain = await playWithoutFault(sandbox, operation);
    if (plain !== undefined) return void problems.push(plain);
    const requests = await listRoutes(sandbox, operation, run);
    expect(requests.length).toBeGreaterThan(0);
    for (const [request, route] of requests.entries()) {
      const { method } = routes[route];
      for (const kind of kinds) {
        const name = `${operation.name} / request ${request + 1} (${method}) / ${kind.name}`;
        if (!isSelected(name)) continue;
        const why = getSkipReason(kind, route);
        const outcome =
          why === undefined
            ? await getResult(
                playCell(sandbox, operation, [{ request, kind }], { run, expectedRequests: requests.length }),
                1,
              )
            : { result: "skipped" as const, why };
        reportCell({
          operation: operation.name,
          request: request + 1,
          requests: requests.length,
          method,
          kind: kind.name,
          ...outcome,
        });
        if (!["passed", "skipped"].includes(outcome.result))
          problems.push(`${name}: ${outcome.result}: ${outcome.why ?? ""}`);
      }
    }
  } finally {
    await sandbox.close();
    expect(problems.join("\n\n")).toBe("");
  }
});

/** Plays the cell without a fault. If it fails, the others prove nothing. */
async function playWithoutFault(sandbox: Sandbox, operation: CatalogOperation): Promise<string | undefined> {
  const name = `${operation.name} / no fault`;
  if (!isSelected(name)) return undefined;
  const { result, why } = await getResult(playCell(sandbox, operation, [], { run }), 0);
  reportCell({
    operation: operation.name,
    request: 0,
    requests: 0,
    method: "",
    kind: "no fault",
    result,
    ...(why !== undefined && { why }),
  });
  return result === "passed" ? undefined : `${name}: ${result}: ${why ?? ""}`;
}
