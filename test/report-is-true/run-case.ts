/** Runs one case: deploys a program, lets it drift and change, previews, reviews, applies, and compares. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Inputs, State } from "../../core/src/index.js";
import { startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { runCommand } from "../cli/run-command.js";
import { applyDrift } from "../histories/drift.js";
import { DESTINATIONS, ORG_BY_SOURCE, SOURCES, type RunMove } from "../histories/moves.js";
import { findForcedResource, DEFAULT_RUN } from "../histories/operation.js";
import { applyProgramMove, pick } from "../histories/program.js";
import { isSetState, listSavedConnections, type SavedResource } from "../histories/saved-resource.js";
import { Scenario, type OperationRunner, type StackState } from "../histories/scenario.js";
import { Stats } from "../histories/stats.js";
import type { Case } from "./case.js";
import {
  copyState,
  listGonePairs,
  selectOfficial,
  readSnapshot,
  listUncheckedPairs,
  findUndetectedDrift,
} from "./live-snapshot.js";
import { changeMapping } from "./program-provider.js";
import type { ReviewReport } from "./report.js";
import { findDiscrepancies } from "./find-discrepancies.js";
import { checkUnchangedCount } from "./unchanged-count.js";

/** The input of the review. */
export interface PreviewOutput {
  preview: string;
  /** The exported state. */
  state: string;
  hasFailed: boolean;
  /** The state; with `--refresh`, what the refresh found. */
  refreshed: StackState;
}

/** What runs the operations: the simulated engine or the real one. */
export interface Engine {
  operate: OperationRunner;
  /** Replaces resources of the state, by their indexes, by those of `@pulumi/datadog`. */
  makeOfficial(scenario: Scenario, indexes: readonly number[]): void | Promise<void>;
  preview(scenario: Scenario, one: Case): Promise<PreviewOutput>;
  dispose(): void;
}

/** Counts over all cases. */
export interface Tally {
  compared: number;
  changes: Record<string, number>;
  failedPreviews: number;
  failedUps: number;
  undetectedDrift: number;
}

export const createTally = (): Tally => ({
  compared: 0,
  changes: {},
  failedPreviews: 0,
  failedUps: 0,
  undetectedDrift: 0,
});

/** @throws an error that lists all discrepancies, with the report's sentences */
export async function runCase(
  one: Case,
  createEngine: (sandbox: Sandbox) => Engine,
  tally: Tally,
): Promise<void> {
  // Closing the sandbox closes the sockets that the clients of this case keep open.
  const sandbox = await startSandbox();
  const engine = createEngine(sandbox);
  try {
    await runInSandbox(sandbox, engine, one, tally);
  } finally {
    engine.dispose();
    await sandbox.close();
  }
}

async function runInSandbox(sandbox: Sandbox, engine: Engine, one: Case, tally: Tally): Promise<void> {
  const scenario = new Scenario(sandbox, new Stats(), engine.operate);
  for (const move of one.others) applyDrift(scenario, move);
  for (const move of one.program) applyProgramMove(scenario.program, move);
  if (one.provider) changeMapping(scenario.program, one.provider.after, one.provider.before);
  const { parallel, adoptAll } = one;
  const plain: RunMove = { ...DEFAULT_RUN, preview: false, parallel, adoptAll };
  await scenario.runOperation(scenario, plain);
  await engine.makeOfficial(scenario, one.official);
  addLeftover(scenario, one.leftover);
  for (const move of one.drift) applyDrift(scenario, move);
  for (const move of one.changes) applyProgramMove(scenario.program, move);
  if (one.provider) changeMapping(scenario.program, one.provider.before, one.provider.after);

  const prior = copyState(scenario.state);
  const { preview, state, hasFailed, refreshed } = await engine.preview(scenario, one);
  const { report, code } = await review(scenario, one, preview, state);
  for (const { sentence } of report.changes) scenario.log(`    REPORT ${sentence}`);
  if (hasFailed) {
    tally.failedPreviews++;
    // The `up` does not start then, and the report says that it is incomplete.
    if (code !== 1 || report.outcome !== "failed" || report.summary.unchanged > 0)
      scenario.fail("a failed preview is reported as if it had succeeded");
    return;
  }
  const before = readSnapshot(scenario);
  // A refresh reads no resource of another provider, and no preview shows what it finds of a leftover.
  const { pendingDeletes } = prior;
  const unreadState = one.refresh
    ? { ...selectOfficial(scenario.state, true), pendingDeletes }
    : scenario.state;
  const undetected = findUndetectedDrift(scenario, unreadState, before);
  const unchecked = listUncheckedPairs(scenario, prior, refreshed);
  const gonePairs = one.refresh
    ? listGonePairs(scenario, selectOfficial(prior, false), before)
    : new Set<string>();
  const forced = findForcedResource(scenario, one.replace);
  const up = await scenario.runOperation(scenario, {
    ...plain,
    command: one.refresh ? "up --refresh" : "up",
    replace: one.replace,
  });
  const applied = {
    before,
    after: readSnapshot(scenario),
    undetected,
    adoptAll,
    gonePairs,
    leftoverIds: new Set(listIds(prior.pendingDeletes.map(({ saved }) => saved))),
    hasMultipleOwners: hasMultipleOwners(prior) || hasMultipleOwners(scenario.state),
    unchecked,
    hasFailed: up.errors.length > 0,
  };
  const wrong = [
    ...findDiscrepancies(scenario, report, applied),
    ...(applied.hasFailed
      ? []
      : checkUnchangedCount(
          scenario,
          one,
          report,
          { forced, prior, refreshed, after: scenario.state },
          before,
        )),
  ];
  if (wrong.length > 0) scenario.fail(wrong.join("\n  "));
  tally.compared++;
  if (applied.hasFailed) tally.failedUps++;
  if ([...undetected.values()].some(({ size }) => size > 0)) tally.undetectedDrift++;
  for (const { kind } of report.changes) tally.changes[kind] = (tally.changes[kind] ?? 0) + 1;
}

/**
 * Adds the old object of an interrupted replacement to the state: a connection of the same source to a destination that has none.
 *
 * @param at - the index of the single connection in the state
 */
function addLeftover(scenario: Scenario, at: number | undefined): void {
  const { sandbox, state } = scenario;
  const singles = [...state.resources].filter(([, one]) => !isSetState(one.outputs) && !one.isOfficial);
  if (at === undefined || singles.length === 0) return;
  const [name, saved] = pick(singles, at);
  const source = scenario.getKey(saved.outputs.sourceOrgId ?? "");
  const sink = DESTINATIONS.find(
    (one) => one !== source && !readSnapshot(scenario).has(`${source} → ${one}`),
  );
  if (sink === undefined) return;
  const id = sandbox.connect({ source, sink, connectionTypes: ["logs"] });
  scenario.ours.add(id);
  const ends = { sinkOrgId: sandbox.getOrganization(sink).id, connectionTypes: ["logs"] };
  const outputs = saved.outputs as State;
  state.pendingDeletes.push({
    name,
    saved: {
      ...saved,
      id,
      inputs: { ...(saved.inputs as Inputs), ...ends },
      outputs: { ...outputs, sinkOrgName: undefined, ...ends },
    },
  });
}

const listIds = (resources: readonly SavedResource[]): string[] =>
  resources.flatMap((saved) => listSavedConnections(saved).map(({ id }) => id));

function hasMultipleOwners({ resources, pendingDeletes }: StackState): boolean {
  const ids = listIds([...resources.values(), ...pendingDeletes.map(({ saved }) => saved)]);
  return new Set(ids).size < ids.length;
}

/** Runs the command with the preview and the state in files. */
async function review(
  scenario: Scenario,
  { withState, lookup }: Case,
  preview: string,
  state: string,
): Promise<{ report: ReviewReport; code: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), "report-is-true-"));
  try {
    writeFileSync(path.join(folder, "preview.json"), preview);
    writeFileSync(path.join(folder, "state.json"), state);
    const flags = [...(withState ? ["--state", "state.json"] : []), ...(lookup ? ["--lookup"] : [])];
    const ran = await runCommand(["review", "preview.json", "--format", "json", ...flags], {
      cwd: folder,
      env: createEnvironment(scenario),
    });
    if (ran.stderr !== "") scenario.fail(`the review printed to standard error: ${ran.stderr}`);
    return { report: JSON.parse(ran.stdout) as ReviewReport, code: ran.code };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The credentials of every source, as in the `up`. */
function createEnvironment({ sandbox }: Scenario): Record<string, string> {
  const credentials = SOURCES.flatMap((source) => {
    const { apiKey, appKey } = sandbox.getOrganization(ORG_BY_SOURCE[source]);
    return [
      [`DD_API_KEY__${source.toUpperCase()}`, apiKey],
      [`DD_APP_KEY__${source.toUpperCase()}`, appKey],
    ];
  });
  return { DD_HOST: sandbox.url, ...(Object.fromEntries(credentials) as Record<string, string>) };
}
