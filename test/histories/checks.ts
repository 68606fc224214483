/** What must hold during a history: no success is false, nobody else's connection is touched, no orphan comes untold. */
import type { Wanted } from "../../provider/src/lifecycle/index.js";
import type { Seen } from "../../provider/src/lifecycle/read.js";
import type { Run } from "./run.js";
import { shown, typesText, type Held, type Scene } from "./scene.js";

/** A call of the lifecycle that ended without an error. */
export type Success =
  | { call: "create"; id: string; wanted: Wanted; pair: string; isAdopting: boolean }
  | { call: "update"; held: Held; wanted: Wanted }
  | { call: "delete"; held: Held }
  | { call: "read"; held: Held; seen: Seen };

/** Compares a success with what is live at that moment, unless a write from earlier may just have landed. */
export function checkSuccess(run: Run, name: string, success: Success): void {
  const { scene } = run;
  if (success.call === "create") noteOwner(scene, name, success);
  if (run.mayBeLate() || scene.isLate()) {
    scene.stats.count("exceptions", "success not compared: late writes");
    return;
  }
  scene.stats.successesChecked++;
  const id = success.call === "create" ? success.id : success.held.id;
  const live = scene.liveById(id);
  const types = live && typesText(live.connectionTypes);
  switch (success.call) {
    case "create": {
      const { pair, wanted } = success;
      if (!live || scene.pair(live) !== pair)
        scene.fail(`create ${name} succeeded, and ${pair} is not live as ${id}`);
      if (wanted.connectionTypes && types !== typesText(wanted.connectionTypes))
        scene.fail(`create ${name} succeeded, and the types are ${String(types)}`);
      return;
    }
    case "update": {
      const { held, wanted } = success;
      const wantedTypes = wanted.connectionTypes && typesText(wanted.connectionTypes);
      // Without a request: an update that is recorded only.
      if (wantedTypes === undefined || wantedTypes === typesText(held.outputs.connectionTypes)) return;
      if (types !== wantedTypes) scene.fail(`update ${name} succeeded, and the types are ${String(types)}`);
      return;
    }
    case "delete":
      // It stays when another resource holds it, or the same one by its replacement.
      if (
        live &&
        ![...scene.state.resources.values()].some((held) => held.id === id && held !== success.held)
      )
        scene.fail(`delete ${name} succeeded, and ${id} is live`);
      return;
    case "read": {
      const { seen } = success;
      if (!seen && live) scene.fail(`read ${name} said gone, and ${id} is live`);
      if (seen && types !== typesText(seen.recorded.connectionTypes))
        scene.fail(`read ${name} saw other types than ${String(types)}`);
    }
  }
}

/** Whose connection a create returned. Somebody else's only when the program, or the run, said so. */
function noteOwner(scene: Scene, name: string, { id, isAdopting }: Success & { call: "create" }): void {
  if (scene.others.has(id)) {
    if (!isAdopting) scene.fail(`create ${name} took over ${id}, which others made, without being asked`);
    scene.others.delete(id);
    scene.stats.count("exceptions", "adopted on purpose from others");
  }
  scene.ours.add(id);
}

/** Nobody else's connection is gone or changed. */
export function checkOthers(scene: Scene): void {
  for (const [id, allowed] of scene.others) {
    const row = scene.liveById(id);
    if (!row) scene.fail(`the connection ${id} of others is gone`);
    const types = typesText(row.connectionTypes);
    if (!allowed.has(types)) scene.fail(`the connection ${id} of others has other types: ${types}`);
  }
}

/** Every connection that nobody else made is in the state, or its user was told that it might exist. */
export function checkOrphans(scene: Scene): void {
  const held = scene.heldIds();
  for (const row of scene.live()) {
    if (scene.others.has(row.id)) continue;
    scene.ours.add(row.id);
    if (held.has(row.id) || scene.isLate()) continue;
    if (orphanExcuse(scene, row.id) === undefined) scene.fail(`nobody was told of ${shown(scene)(row)}`);
  }
}

/**
 * Why a connection of ours may be live and in no state: its create was cut short (the run was interrupted, or ended
 * with `outcome-unknown`), or its POST was under way then and landed only after a later run had made and ended one of the
 * same pair; or its POST landed after its sender had given up on it, looked, and tried again.
 */
export function orphanExcuse(scene: Scene, id: string): string | undefined {
  const row = scene.liveById(id);
  if (!row) return undefined;
  const pair = scene.pair(row);
  if (scene.cut.has(pair)) return "its create was cut short";
  const posts = scene.posts.filter((post) => post.pair === pair);
  if (posts.some(({ isDropped, id: made }) => isDropped && (made === undefined || made === id)))
    return "its POST was under way when its run was interrupted";
  const isLateTwin = posts.some(
    (post) => post.outcome === "lost" && (post.endedAt ?? Infinity) <= Date.parse(row.createdAt),
  );
  return isLateTwin ? "its POST landed after its sender had given up" : undefined;
}

/** After a run without errors: what the state of the declared resources holds is live, if it was live before. */
export function checkCleanRun(scene: Scene, liveBefore: ReadonlySet<string>, readsAll: boolean): void {
  if (scene.isLate()) return;
  for (const [name, { id }] of scene.state.resources) {
    if (!scene.liveById(id) && (readsAll || liveBefore.has(id)))
      scene.fail(`the run ended without an error, and ${name} (${id}) is not live`);
  }
}
