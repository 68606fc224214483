/**
 * A small imitation of the engine, as design.md describes it ("What the engine does to us"): which calls of the host it
 * makes for a program and a state, in which order, and what it saves after each.
 */
import type { DynamicHost } from "../../provider/src/host/dynamic.js";
import { setHost } from "../../provider/src/host/set-host.js";
import { singleHost } from "../../provider/src/host/single-host.js";
import { DELETE_BEFORE_REPLACE } from "../../core/src/connection/check.js";
import { checkSuccess, type Success } from "./checks.js";
import { heldRows, isSetOutputs, type Held } from "./held.js";
import { permitAdoptions, permitEndings } from "./permissions.js";
import { declaredRows, inputsOf, isSet, type Declared } from "./program.js";
import type { Run } from "./run.js";
import type { State } from "./scene.js";

type Failure = { reason: string };
/** Inputs as a program hands them over, before they are checked. */
type Raw = object;
type Change = "none" | "update" | "replace";

/** What a preview plans for one declared resource. */
export interface Planned {
  name: string;
  declared: Declared;
  change: "create" | Change;
  /** The checked inputs. */
  inputs: Held["inputs"];
}

/** How a preview differs from a plain one. */
export interface PreviewOptions {
  /** The resource of `--replace`. */
  forced?: string | undefined;
  /** What the program hands over in place of its inputs: values that are known only in the `up`. */
  hide?: (name: string, inputs: Raw) => Raw;
  /** Receives the plan of each resource. */
  note?: (planned: Planned) => void;
}

/** What a preview does: check and diff, no write. */
export async function preview(
  run: Run,
  { forced, hide = (_, inputs) => inputs, note }: PreviewOptions = {},
): Promise<Map<string, string>> {
  const { program, state } = run.scene;
  const differences = new Map<string, string>();
  await run.each([...program], async ([name, declared]) => {
    const held = state.resources.get(name);
    const wanted = hide(name, givenBy(run, declared));
    const isForced = name === forced;
    let inputs = await checked(run, name, declared, isForced ? undefined : held, wanted);
    let change: Planned["change"] = "create";
    if (held) change = isForced ? "replace" : await difference(run, name, held, inputs);
    if (change === "replace") inputs = await checked(run, name, declared, undefined, wanted);
    if (change !== "none") differences.set(name, change);
    note?.({ name, declared, change, inputs });
  });
  for (const name of state.resources.keys()) if (!program.has(name)) differences.set(name, "delete");
  for (const { name } of state.pendingDeletes) differences.set(`${name} (pending)`, "delete");
  return differences;
}

/** Registrations of all resources, then the deletions. `forced`: the resource of `--replace`. */
export async function update(run: Run, forced?: string): Promise<void> {
  const { program } = run.scene;
  await run.each([...program], ([name, declared]) => register(run, name, declared, name === forced));
  if (run.isOver) return;
  await removeAll(run, (name) => !program.has(name));
}

/** Reads every resource of the state. */
export async function refresh(run: Run, state: State): Promise<void> {
  const pending = state.pendingDeletes.map((entry) => ({
    name: `${entry.name} (pending)`,
    held: entry.held,
    entry,
  }));
  const current = [...state.resources].map(([name, held]) => ({ name, held, entry: undefined }));
  await run.each([...current, ...pending], async ({ name, held, entry }) => {
    const host = hostOf(run, held);
    const answer = await run.call(name, "read", () => host.read(held.id, held.outputs));
    const seen = answer.id === "" ? undefined : saved(held.id, answer.inputs, answer.props);
    succeeded(run, name, { call: "read", held, seen });
    // The engine asks what the next `up` would change, to show that in reverse.
    if (seen) await run.call(name, "diff", () => host.diff(held.id, seen.outputs, { ...held.inputs }));
    if (entry) {
      if (!seen) state.pendingDeletes.splice(state.pendingDeletes.indexOf(entry), 1);
    } else if (seen) state.resources.set(name, seen);
    else state.resources.delete(name);
  });
}

/** Deletes every resource of the state. */
export async function destroy(run: Run): Promise<void> {
  await removeAll(run, () => true);
}

async function register(run: Run, name: string, declared: Declared, isForced: boolean): Promise<void> {
  const { state } = run.scene;
  const held = state.resources.get(name);
  // Of the resource of `--replace`, the engine hands over no old inputs, and skips the diff.
  const inputs = await checked(run, name, declared, isForced ? undefined : held);
  if (!held) return create(run, name, declared, inputs);
  const change = isForced ? "replace" : await difference(run, name, held, inputs);
  if (change === "none") return void state.resources.set(name, { ...held, inputs });
  if (change === "update") return change_(run, name, declared, held, inputs);
  const again = await checked(run, name, declared, undefined);
  if (declared.dbr) {
    await remove(run, name, held);
    // It stays as "pending replacement", which to the next run is a resource to create.
    state.resources.delete(name);
    return create(run, name, declared, again);
  }
  await create(run, name, declared, again, () => state.pendingDeletes.push({ name, held }));
}

/** What the program hands over: the inputs, and the constructor's hint that the resource option is set. */
const givenBy = ({ scene }: Run, declared: Declared): Raw => ({
  ...inputsOf(scene.sandbox, declared),
  ...(declared.dbr && { [DELETE_BEFORE_REPLACE]: true }),
});

async function checked(
  run: Run,
  name: string,
  declared: Declared,
  held: Held | undefined,
  wanted: Raw = givenBy(run, declared),
): Promise<Held["inputs"]> {
  const answer: { inputs?: unknown; failures?: Failure[] } = await run.call(name, "check", () =>
    hostFor(run, declared).check({ ...held?.inputs }, wanted),
  );
  const { inputs, failures = [] } = answer;
  if (failures.length === 0) return inputs as Held["inputs"];
  run.refused(
    name,
    failures.map(({ reason }) => reason),
  );
}

async function difference(run: Run, name: string, held: Held, inputs: Held["inputs"]): Promise<Change> {
  const { changes, replaces = [] } = await run.call(name, "diff", () =>
    hostOf(run, held).diff(held.id, held.outputs, inputs),
  );
  if (replaces.length > 0) return "replace";
  return changes === true || held.isPartial === true ? "update" : "none";
}

async function create(
  run: Run,
  name: string,
  declared: Declared,
  inputs: Held["inputs"],
  andThen: () => void = () => undefined,
): Promise<void> {
  const isAdopting = declared.adopt || run.world.adoptAll();
  const work = () => {
    if (isAdopting) permitAdoptions(run.scene, declared);
    return inPart(async () => {
      const made: { id: string; outs?: unknown } = await hostFor(run, declared).create(inputs);
      return { id: made.id, properties: made.outs };
    });
  };
  const pairs = declaredRows(declared).map(({ pair }) => pair);
  const { id, properties, reasons } = await run.call(name, "create", work, pairs);
  const held = saved(id, inputs, properties, reasons);
  succeeded(run, name, { call: "create", held, declared, isAdopting, reasons });
  andThen();
  save(run, name, declared, held, reasons);
}

async function change_(
  run: Run,
  name: string,
  declared: Declared,
  before: Held,
  inputs: Held["inputs"],
): Promise<void> {
  const isAdopting = declared.adopt || run.world.adoptAll();
  const work = () => {
    if (isAdopting && isSet(declared)) permitAdoptions(run.scene, declared);
    permitEndings(run.scene, declared, before);
    return inPart(async () => {
      const host = hostFor(run, declared);
      const made: { outs?: unknown } = await host.update(before.id, before.outputs, inputs);
      return { id: before.id, properties: made.outs };
    });
  };
  const members = new Set(
    heldRows(before)
      .filter(({ id }) => !run.world.ended.has(id))
      .map(({ sinkOrgId }) => sinkOrgId),
  );
  const made = declaredRows(declared).filter(
    ({ sink }) => !members.has(run.scene.sandbox.organization(sink).id),
  );
  const pairs = isSet(declared) ? made.map(({ pair }) => pair) : [];
  const { properties, reasons } = await run.call(name, "update", work, pairs);
  // Of an update done in part the engine keeps the old inputs.
  const held = saved(before.id, reasons.length > 0 ? before.inputs : inputs, properties, reasons);
  succeeded(run, name, { call: "update", held, before, declared, isAdopting, reasons });
  save(run, name, declared, held, reasons);
}

function save(run: Run, name: string, declared: Declared, held: Held, reasons: readonly string[]): void {
  const { scene } = run;
  const sinks = new Set(heldRows(held).map(({ sinkOrgId }) => scene.key(sinkOrgId)));
  for (const { sink, pair } of declaredRows(declared)) if (sinks.has(sink)) scene.cut.delete(pair);
  scene.state.resources.set(name, held);
  if (reasons.length > 0) run.doneInPart(name, declared, reasons);
}

/** An error of create or update with `id`, `properties` and `reasons` is what the engine keeps, and an error. */
async function inPart(
  work: () => Promise<{ id: string; properties: unknown }>,
): Promise<{ id: string; properties: unknown; reasons: string[] }> {
  try {
    return { ...(await work()), reasons: [] };
  } catch (error) {
    if (!(error instanceof Error) || !("reasons" in error)) throw error;
    return error as Error & { id: string; properties: unknown; reasons: string[] };
  }
}

async function removeAll(run: Run, which: (name: string) => boolean): Promise<void> {
  const { state } = run.scene;
  const current = [...state.resources].filter(([name]) => which(name)).reverse();
  await run.each(
    [...current.map(([name, held]) => ({ name, held })), ...state.pendingDeletes],
    async (entry) => {
      await remove(run, entry.name, entry.held);
      if (state.pendingDeletes.includes(entry))
        state.pendingDeletes.splice(state.pendingDeletes.indexOf(entry), 1);
      else state.resources.delete(entry.name);
    },
  );
}

async function remove(run: Run, name: string, held: Held): Promise<void> {
  await run.call(name, "delete", () => hostOf(run, held).delete(held.id, held.outputs));
  succeeded(run, name, { call: "delete", held });
}

function succeeded(run: Run, name: string, success: Success): void {
  run.done(`${success.call} ${name}${"reasons" in success && success.reasons.length > 0 ? " in part" : ""}`);
  checkSuccess(run, name, success);
}

const hostFor = (run: Run, declared: Declared): DynamicHost =>
  isSet(declared) ? setHost(run.world) : singleHost(run.world);

const hostOf = (run: Run, { outputs }: Held): DynamicHost =>
  isSetOutputs(outputs) ? setHost(run.world) : singleHost(run.world);

/** As the engine saves it: plain data, and the line of the provider apart. */
function saved(id: string, inputs: unknown, outputs: unknown, reasons: readonly string[] = []): Held {
  const plain = (value: unknown) => {
    const known = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
    delete known["__provider"];
    return known as unknown;
  };
  return {
    id,
    inputs: plain(inputs) as Held["inputs"],
    outputs: plain(outputs) as Held["outputs"],
    ...(reasons.length > 0 && { isPartial: true }),
  };
}
