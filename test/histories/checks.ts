/** What must hold during a history: no success is false, nobody else's connection is touched, no orphan comes untold. */
import { heldRows, shownStrangers, isSetOutputs, type Held, type HeldRow } from "./held.js";
import { declaredRows, isSet, type Declared, type DeclaredRow } from "./program.js";
import type { Run } from "./run.js";
import { codeOf, shown, typesText, type Scene } from "./scene.js";

/** A step that was done, or done in part: then with the reasons why not all of it. */
export type Success =
  | { call: "create"; held: Held; declared: Declared; isAdopting: boolean; reasons: readonly string[] }
  | {
      call: "update";
      before: Held;
      held: Held;
      declared: Declared;
      isAdopting: boolean;
      reasons: readonly string[];
    }
  | { call: "delete"; held: Held }
  | { call: "read"; held: Held; seen: Held | undefined };

/** Compares a success with what is live at that moment, unless a write from earlier may just have landed. */
export function checkSuccess(run: Run, name: string, success: Success): void {
  const { scene } = run;
  if (success.call === "create" || success.call === "update") noteOwners(scene, name, success);
  if (run.mayBeLate() || scene.isLate()) {
    scene.stats.count("exceptions", "success not compared: late writes");
    return;
  }
  scene.stats.successesChecked++;
  switch (success.call) {
    case "create":
    case "update":
      checkWrite(scene, name, success);
      return;
    case "delete":
      for (const row of heldRows(success.held)) checkEnded(scene, `delete ${name}`, row, success.held);
      return;
    case "read":
      checkRead(scene, name, success);
  }
}

function checkWrite(scene: Scene, name: string, success: Success & { call: "create" | "update" }): void {
  const { call, declared, held, reasons } = success;
  const before = success.call === "update" ? success.before : undefined;
  const what = `${call} ${name} ${reasons.length > 0 ? "was done in part" : "succeeded"}`;
  const old = bySink(scene, before);
  const now = bySink(scene, held);
  for (const row of declaredRows(declared)) {
    const [was, is] = [old.get(row.sink), now.get(row.sink)];
    if (!is) {
      if (reasons.length === 0) scene.fail(`${what}, and ${row.pair} is not in the state`);
      continue;
    }
    const isSame = was?.id === is.id && typesText(was.types) === typesText(is.types);
    // Without a request, or its change has failed: nothing was seen of it.
    if (isSame && (isAsWanted(row, is) || reasons.length > 0))
      checkUnseenChange(scene, what, row, is, reasons);
    else checkLive(scene, what, row, is);
    if (reasons.length === 0 && !isAsWanted(row, is))
      scene.fail(`${what}, and ${row.pair} has the types ${typesText(is.types)} in the state`);
  }
  checkKeys(scene, what, held);
  if (!before || !isSet(declared)) return;
  for (const [sink, row] of old) if (now.get(sink)?.id !== row.id) checkEnded(scene, what, row, before, held);
  if (reasons.length > 0) return;
  for (const [sink] of now)
    if (!declared.members.has(sink as never)) scene.fail(`${what}, and it holds ${sink}`);
  checkStrangers(scene, what, held);
}

/** The state of a set names the types of its members and of the strangers it shows, and of nothing else. */
function checkKeys(scene: Scene, what: string, held: Held): void {
  if (!isSetOutputs(held.outputs)) return;
  const { connections, members, strangers } = held.outputs;
  const expected = [...new Set([...Object.keys(members), ...Object.keys(strangers ?? {})])].sort();
  if (JSON.stringify(Object.keys(connections).sort()) !== JSON.stringify(expected))
    scene.fail(`${what}, and its state names types of what is neither member nor stranger`);
}

const isAsWanted = ({ types }: DeclaredRow, is: HeldRow) =>
  types === undefined || typesText(types) === typesText(is.types);

/** A change that failed for certain has not been made. */
function checkUnseenChange(
  scene: Scene,
  what: string,
  row: DeclaredRow,
  is: HeldRow,
  reasons: readonly string[],
): void {
  if (isAsWanted(row, is)) return;
  const live = scene.liveById(is.id);
  const isDone = live && row.types && typesText(live.connectionTypes) === typesText(row.types);
  if (isDone && reasons.every((reason) => CERTAIN.includes(codeOf(reason) ?? "")))
    scene.fail(`${what}, and ${row.pair} was changed, which the state does not say`);
}

/** Failures after which nothing was done. */
const CERTAIN = ["pair-exists", "rate-limited", "outcome-unknown", "engine-gone", "wrong-organization"];

function checkLive(scene: Scene, what: string, { pair }: DeclaredRow, { id, types }: HeldRow): void {
  const live = scene.liveById(id);
  if (!live || scene.pair(live) !== pair) return scene.fail(`${what}, and ${pair} is not live as ${id}`);
  if (typesText(live.connectionTypes) !== typesText(types))
    scene.fail(`${what}, and the types of ${pair} are ${typesText(live.connectionTypes)}`);
}

/** It stays when another resource holds it, or the same one by its replacement. */
function checkEnded(scene: Scene, what: string, { id }: HeldRow, before: Held, now?: Held): void {
  const others = [...scene.state.resources.values()].filter((held) => held !== before);
  const isHeld = [...others, ...(now ? [now] : [])].some((held) =>
    heldRows(held).some((row) => row.id === id),
  );
  if (scene.liveById(id) && !isHeld && !isBeingTakenOver(scene, id)) scene.fail(`${what}, and ${id} is live`);
}

/** Another resource's create has it in hand; if that fails, it is an orphan, and looked for as such. */
function isBeingTakenOver(scene: Scene, id: string): boolean {
  const pair = scene.pair(scene.liveById(id) ?? { sourceOrgId: "", sinkOrgId: "" });
  return [...scene.creating.values()].some((pairs) => pairs.includes(pair));
}

function checkRead(scene: Scene, name: string, { held, seen }: Success & { call: "read" }): void {
  const now = new Map((seen ? heldRows(seen) : []).map((row) => [row.id, row]));
  for (const { id } of heldRows(held)) {
    const live = scene.liveById(id);
    const row = now.get(id);
    if (!row && live) scene.fail(`read ${name} said gone, and ${id} is live`);
    if (row && (!live || typesText(live.connectionTypes) !== typesText(row.types)))
      scene.fail(`read ${name} saw other types of ${id} than are live`);
  }
  if (seen) checkStrangers(scene, `read ${name} succeeded`, seen);
}

/**
 * An exclusive set shows every connection from its organization to where it holds none, and no other. Whether it shows what
 * another resource of the state holds, one that waits for its deletion among them, depends on which of the two is read first.
 */
function checkStrangers(scene: Scene, what: string, held: Held): void {
  if (!isSetOutputs(held.outputs)) return;
  const { sourceOrgId, exclusive } = held.outputs;
  const members = new Set(heldRows(held).map(({ sinkOrgId }) => sinkOrgId));
  const rows = scene.live().filter((row) => row.sourceOrgId === sourceOrgId && !members.has(row.sinkOrgId));
  const strangers = Object.values(shownStrangers(held)).sort();
  const heldElsewhere = scene.heldIds();
  const expected = exclusive === true ? rows.map(({ id }) => id).sort() : [];
  const isExpected = (id: string) => strangers.includes(id) || !heldElsewhere.has(id);
  if (JSON.stringify(strangers) !== JSON.stringify(expected.filter(isExpected)))
    scene.fail(`${what}, and it shows the strangers ${strangers.join()} instead of ${expected.join()}`);
}

/** Whose connections the state has got. Somebody else's only when the program, or the run, said so. */
function noteOwners(
  scene: Scene,
  name: string,
  { held, isAdopting }: { held: Held; isAdopting: boolean },
): void {
  for (const { id } of heldRows(held)) {
    if (scene.others.has(id)) {
      if (!isAdopting) scene.fail(`${name} took over ${id}, which others made, without being asked`);
      scene.others.delete(id);
      scene.stats.count("exceptions", "adopted on purpose from others");
    }
    scene.ours.add(id);
  }
}

function bySink(scene: Scene, held: Held | undefined): Map<string, HeldRow> {
  return new Map((held ? heldRows(held) : []).map((row) => [scene.key(row.sinkOrgId), row]));
}

/** Nobody else's connection is gone or changed. */
export function checkOthers(scene: Scene): void {
  for (const [id, allowed] of scene.others) {
    const row = scene.liveById(id);
    if (!row && scene.mayEnd.has(id)) {
      scene.others.delete(id);
      scene.stats.count("exceptions", "ended on purpose by an exclusive set");
      continue;
    }
    if (!row) return scene.fail(`the connection ${id} of others is gone`);
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
  for (const [name, held] of scene.state.resources) {
    for (const { id } of heldRows(held)) {
      if (!scene.liveById(id) && (readsAll || liveBefore.has(id)))
        scene.fail(`the run ended without an error, and ${name} (${id}) is not live`);
    }
  }
}

/** After a run without errors: what it created is live as declared; after a refresh, everything is. */
export function checkCreated(
  scene: Scene,
  steps: readonly { op: string; name: string }[],
  wasRefreshed: boolean,
): void {
  for (const [name, declared] of scene.program) {
    const wasMade = steps.some(
      (step) => step.name === name && (step.op === "create" || step.op === "create-replacement"),
    );
    if (!wasMade && !wasRefreshed) continue;
    const held = scene.state.resources.get(name);
    for (const { sink, pair, types } of declaredRows(declared)) {
      const live = scene.liveOf(pair);
      if (!live) return scene.fail(`the run ended without an error, and ${pair} is not live`);
      const { id: sinkOrgId } = scene.sandbox.organization(sink);
      const row = held && heldRows(held).find((one) => one.sinkOrgId === sinkOrgId);
      if (row?.id !== live.id) scene.fail(`the state of ${name} has another id of ${pair}`);
      if (types && typesText(live.connectionTypes) !== typesText(types))
        scene.fail(`the run ended without an error, and ${pair} has other types`);
      scene.stats.successesChecked++;
    }
  }
}
