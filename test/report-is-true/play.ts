/** Plays one case: puts a program up, lets it drift and change, previews, reviews, applies, and compares. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { runCommand } from "../cli/run-command.js";
import { drift } from "../histories/drift.js";
import { ORG_OF, SOURCES, type RunMove } from "../histories/moves.js";
import { forcedIn, PLAIN } from "../histories/operation.js";
import { change } from "../histories/program.js";
import { Scene, type Operate, type State } from "../histories/scene.js";
import { Stats } from "../histories/stats.js";
import type { Case } from "./case.js";
import { copyState, goneIn, liveNow, uncheckedPairs, unseenDrift } from "./moment.js";
import type { Report } from "./report.js";
import { untruths } from "./truth.js";
import { wrongCount } from "./unchanged.js";

/** A preview as the review gets it. */
export interface PreviewTexts {
  preview: string;
  /** The exported state. */
  state: string;
  hasFailed: boolean;
  /** What the state comes to: with `--refresh` what the refresh has found. */
  seen: State;
}

/** What runs the operations: the imitation of the engine, or the real one. */
export interface Engine {
  operate: Operate;
  preview(scene: Scene, one: Case): Promise<PreviewTexts>;
  dispose(): void;
}

/** What came of the cases. */
export interface Tally {
  compared: number;
  changes: Record<string, number>;
  failedPreviews: number;
  failedUps: number;
  unseenDrift: number;
}

export const newTally = (): Tally => ({
  compared: 0,
  changes: {},
  failedPreviews: 0,
  failedUps: 0,
  unseenDrift: 0,
});

/** @throws an error that names everything that is untrue, with the report's sentences */
export async function play(one: Case, begin: (sandbox: Sandbox) => Engine, tally: Tally): Promise<void> {
  // With the sandbox end the sockets that the clients of this case have kept open.
  const sandbox = await startSandbox();
  const engine = begin(sandbox);
  try {
    await playIn(sandbox, engine, one, tally);
  } finally {
    engine.dispose();
    await sandbox.close();
  }
}

async function playIn(sandbox: Sandbox, engine: Engine, one: Case, tally: Tally): Promise<void> {
  const scene = new Scene(sandbox, new Stats(), engine.operate);
  for (const move of one.others) drift(scene, move);
  for (const move of one.program) change(scene.program, move);
  const { parallel, adoptAll } = one;
  const plain: RunMove = { ...PLAIN, preview: false, parallel, adoptAll };
  await scene.operate(scene, plain);
  for (const move of one.drift) drift(scene, move);
  for (const move of one.changes) change(scene.program, move);

  const recorded = copyState(scene.state);
  const { preview, state, hasFailed, seen } = await engine.preview(scene, one);
  const { report, code } = await review(scene, one, preview, state);
  for (const { sentence } of report.changes) scene.log(`    REPORT ${sentence}`);
  if (hasFailed) {
    tally.failedPreviews++;
    // The `up` does not begin then, and the report says that it is not complete.
    if (code !== 1 || report.outcome !== "failed" || report.summary.unchanged > 0)
      scene.fail("a preview that failed is reported as if it had not");
    return;
  }
  const before = liveNow(scene);
  const unseen = one.refresh ? new Map<string, Set<string>>() : unseenDrift(scene, scene.state, before);
  const unchecked = uncheckedPairs(scene, recorded);
  const gonePairs = one.refresh ? goneIn(scene, recorded, before) : new Set<string>();
  const forced = forcedIn(scene, one.replace);
  const up = await scene.operate(scene, {
    ...plain,
    command: one.refresh ? "up --refresh" : "up",
    replace: one.replace,
  });
  const applied = {
    before,
    after: liveNow(scene),
    unseen,
    adoptAll,
    gonePairs,
    unchecked,
    hasFailed: up.errors.length > 0,
  };
  const wrong = [
    ...untruths(scene, report, applied),
    ...(applied.hasFailed
      ? []
      : wrongCount(scene, one, report, { forced, recorded, seen, after: scene.state }, before)),
  ];
  if (wrong.length > 0) scene.fail(wrong.join("\n  "));
  tally.compared++;
  if (applied.hasFailed) tally.failedUps++;
  if ([...unseen.values()].some(({ size }) => size > 0)) tally.unseenDrift++;
  for (const { kind } of report.changes) tally.changes[kind] = (tally.changes[kind] ?? 0) + 1;
}

/** The command itself, with the preview and the state in files. */
async function review(
  scene: Scene,
  { withState, lookup }: Case,
  preview: string,
  state: string,
): Promise<{ report: Report; code: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), "report-is-true-"));
  try {
    writeFileSync(path.join(folder, "preview.json"), preview);
    writeFileSync(path.join(folder, "state.json"), state);
    const flags = [...(withState ? ["--state", "state.json"] : []), ...(lookup ? ["--lookup"] : [])];
    const ran = await runCommand(["review", "preview.json", "--json", ...flags], {
      cwd: folder,
      env: environment(scene),
    });
    if (ran.stderr !== "") scene.fail(`the review printed to standard error: ${ran.stderr}`);
    return { report: JSON.parse(ran.stdout) as Report, code: ran.code };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The credentials of every source, as `up` has them. */
function environment({ sandbox }: Scene): Record<string, string> {
  const credentials = SOURCES.flatMap((source) => {
    const { apiKey, appKey } = sandbox.organization(ORG_OF[source]);
    return [
      [`DD_API_KEY__${source.toUpperCase()}`, apiKey],
      [`DD_APP_KEY__${source.toUpperCase()}`, appKey],
    ];
  });
  return { DD_HOST: sandbox.url, ...(Object.fromEntries(credentials) as Record<string, string>) };
}
