/**
 * Recovery as design.md defines it, once faults have stopped and keys are right again: refresh, then up, with adoption
 * where a create was cut short. And what must be true after it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { orphanExcuse } from "./checks.js";
import { PLAIN } from "./operation.js";
import type { History, RunMove } from "./moves.js";
import { heldRows, shownStrangers, type Held } from "./held.js";
import { declaredRows, isSet, pick, type Declared } from "./program.js";
import { typesText, type Outcome, type RunError, type Scene } from "./scene.js";

/** Faults end, keys and rights are right again, and what was under way has landed. */
export async function quiet(scene: Scene): Promise<void> {
  scene.sandbox.clearFaults();
  scene.restoreAccess();
  while (scene.isLate()) {
    await Promise.allSettled(scene.underWay);
    await sleep(Math.max(1, scene.lateUntil - performance.now()));
  }
  scene.log("-- recovery");
}

/** Recovers, and says whether it took an adoption. */
export async function recover(scene: Scene, how: History["recovery"]): Promise<void> {
  scene.stats.recoveries++;
  let adoptAll = false;
  // Each round solves one conflict at least; without --continue-on-error it shows one only.
  const rows = [...scene.program.values()].flatMap(declaredRows).length;
  for (let round = 0; round <= 2 * Math.max(rows, scene.program.size) + 1; round++) {
    resolveConflicts(scene, how);
    const { errors } = await upWithRefresh(scene, how, adoptAll);
    if (errors.length === 0) return;
    for (const error of errors) {
      const why = legitimate(scene, error);
      if (why === undefined) scene.fail(`recovery failed: ${error.call} ${error.resource}: ${error.message}`);
      scene.stats.count("exceptions", `recovery needed adoption: ${why}`);
    }
    adoptAll = true;
  }
  scene.fail("recovery did not come to an end");
}

async function upWithRefresh(scene: Scene, how: History["recovery"], adoptAll: boolean): Promise<Outcome> {
  const run: RunMove = { ...PLAIN, ...how, adoptAll };
  if (how.oneCommand) return scene.operate(scene, { ...run, command: "up --refresh" });
  const refreshed = await scene.operate(scene, { ...run, command: "refresh" });
  if (refreshed.errors.length > 0) return refreshed;
  return scene.operate(scene, { ...run, preview: false });
}

/**
 * Where others hold a declared pair, the program's author has to decide: take it over on purpose, or give way. Also
 * before a run that adopts everything, which would take them over unasked.
 */
function resolveConflicts(scene: Scene, { yieldToOthers }: History["recovery"]): void {
  for (const [name, declared] of scene.program) {
    for (const { pair } of declaredRows(declared)) {
      const live = scene.liveOf(pair);
      if (!live || !scene.others.has(live.id) || declared.adopt) continue;
      if (yieldToOthers) giveWay(scene, name, pair);
      else scene.program.set(name, { ...declared, adopt: true });
      scene.log(`${yieldToOthers ? "gives way to" : "adopts on purpose"} ${live.id.slice(0, 8)}: ${name}`);
      scene.stats.count("exceptions", yieldToOthers ? "gave way to others" : "will adopt from others");
    }
  }
}

function giveWay({ program }: Scene, name: string, pair: string): void {
  const declared = program.get(name);
  if (!declared || !isSet(declared)) return void program.delete(name);
  const kept = declaredRows(declared).filter((row) => row.pair !== pair);
  program.set(name, { ...declared, members: new Map(kept.map(({ sink, types = [] }) => [sink, types])) });
}

/** Why an `up` of a recovery may end with this error. */
function legitimate(scene: Scene, { resource, code, message }: RunError): string | undefined {
  const declared = scene.program.get(resource);
  if (code !== "pair-exists" || !declared) return undefined;
  const rows = declaredRows(declared).map(({ pair }) => scene.liveOf(pair));
  const live = isSet(declared) ? rows.find((row) => row && message.includes(row.id)) : rows[0];
  // Gone by the end of the run: a resource that was moved away held it.
  if (!live) return "the pair was held by a resource that has moved on";
  if (scene.heldIds().has(live.id)) return "renamed, swapped or replaced without a hint";
  return orphanExcuse(scene, live.id);
}

/** After a recovery: state = live = declared, nobody else's touched, the next preview clean. */
export async function checkRecovered(scene: Scene): Promise<void> {
  const { program, state } = scene;
  if ((state.unfinished ?? 0) > 0) scene.fail("operations are still recorded as pending");
  if (state.pendingDeletes.length > 0) scene.fail("deletions are still pending");
  if (state.resources.size !== program.size) scene.fail("the state holds other resources than the program");
  if (showsStrangers(scene)) await endStrangers(scene);
  const ids = new Set<string>();
  for (const [name, declared] of program) {
    const held = state.resources.get(name);
    if (!held) return scene.fail(`${name} is not in the state`);
    checkResource(scene, name, declared, held);
    for (const { id } of heldRows(held)) {
      if (ids.has(id)) scene.fail(`two resources hold ${id}`);
      ids.add(id);
    }
  }
  checkLeftovers(scene, ids);
  const next = await scene.operate(scene, { ...PLAIN, command: "preview" });
  if (next.errors.length > 0) scene.fail("the next preview fails");
  if (next.differences.size > 0)
    scene.fail(`the next preview is not clean: ${JSON.stringify([...next.differences])}`);
  if (next.writes > 0) scene.fail("the next preview writes");
  const again = await scene.operate(scene, { ...PLAIN, preview: false });
  if (again.errors.length > 0 || again.writes > 0) scene.fail("a second up sends something");
}

const showsStrangers = ({ state }: Scene) =>
  [...state.resources.values()].some((held) => Object.keys(shownStrangers(held)).length > 0);

/** What an exclusive set has found is ended by the `up` after it. */
async function endStrangers(scene: Scene): Promise<void> {
  scene.stats.count("exceptions", "one more up, to end what an exclusive set has shown");
  const { errors } = await scene.operate(scene, PLAIN);
  if (errors.length > 0 || showsStrangers(scene))
    scene.fail("an exclusive set did not end what it has shown");
}

/** State = live = declared. */
function checkResource(scene: Scene, name: string, declared: Declared, held: Held): void {
  const rows = new Map(heldRows(held).map((row) => [scene.key(row.sinkOrgId), row]));
  for (const { sink, pair, types } of declaredRows(declared)) {
    const row = rows.get(sink);
    const live = row && scene.liveById(row.id);
    if (!live || scene.pair(live) !== pair) return scene.fail(`${name} (${pair}) is not live as declared`);
    const seen = typesText(live.connectionTypes);
    if (types && seen !== typesText(types)) scene.fail(`${name} (${pair}) has the types ${seen}`);
    if (typesText(row.types) !== seen) scene.fail(`the state of ${name} (${pair}) has other types`);
    rows.delete(sink);
  }
  if (rows.size > 0) scene.fail(`${name} holds ${[...rows.keys()].join()}, which is not declared`);
}

/** What is live and in no state: others', or left behind by a create cut short whose pair nobody declares any more. */
function checkLeftovers(scene: Scene, held: ReadonlySet<string>): void {
  const declared = new Set([...scene.program.values()].flatMap(declaredRows).map(({ pair }) => pair));
  for (const row of scene.live()) {
    if (held.has(row.id) || scene.others.has(row.id)) continue;
    const pair = scene.pair(row);
    const excuse = orphanExcuse(scene, row.id);
    if (excuse === undefined || declared.has(pair)) scene.fail(`an orphan: ${row.id} ${pair}`);
    scene.stats.count("exceptions", `left behind, declared no more: ${excuse}`);
  }
}

/** At the very end: a destroy leaves what is others', and what was left behind. */
export async function checkDestroy(scene: Scene): Promise<void> {
  const held = [...scene.heldIds()];
  const { errors } = await scene.operate(scene, {
    ...PLAIN,
    command: "destroy",
    continueOnError: pick([true, false], held.length),
  });
  if (errors.length > 0) scene.fail("the destroy failed");
  if (scene.heldIds().size > 0) scene.fail("the destroy left resources in the state");
  const alive = held.find((id) => scene.liveById(id) !== undefined);
  if (alive !== undefined) scene.fail(`the destroy left ${alive} live`);
}
