/**
 * A small imitation of the engine, as design.md describes it ("What the engine does to us"): which calls it makes for
 * a program and a state, in which order, and what it saves after each.
 */
import * as lifecycle from "../../provider/src/lifecycle/index.js";
import type { Wanted } from "../../provider/src/lifecycle/index.js";
import { checkSuccess, type Success } from "./checks.js";
import type { Declared } from "./program.js";
import { inputsOf, pairOf } from "./program.js";
import type { Run } from "./run.js";
import type { Held, State } from "./scene.js";

/** What a preview does: check and diff, no write. */
export async function preview(run: Run): Promise<Map<string, string>> {
  const { program, state, sandbox } = run.scene;
  const differences = new Map<string, string>();
  await run.each([...program], async ([name, declared]) => {
    const held = state.resources.get(name);
    const wanted = await checked(run, name, held, inputsOf(sandbox, declared));
    if (!held) return void differences.set(name, "create");
    const { change } = await run.call(name, "diff", () =>
      lifecycle.diff(run.world, held.id, held.outputs, wanted),
    );
    if (change === "replace") await checked(run, name, undefined, inputsOf(sandbox, declared));
    if (change !== "none") differences.set(name, change);
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
    const seen = await run.call(name, "read", () => lifecycle.read(run.world, held.id, held.outputs));
    succeeded(run, name, { call: "read", held, seen });
    // The engine asks what the next `up` would change, to show that in reverse.
    if (seen) {
      await run.call(name, "diff", () =>
        lifecycle.diff(run.world, held.id, { ...seen.recorded }, { ...held.inputs }),
      );
    }
    if (entry) {
      if (!seen) state.pendingDeletes.splice(state.pendingDeletes.indexOf(entry), 1);
    } else if (seen) state.resources.set(name, { id: held.id, inputs: seen.wanted, outputs: seen.recorded });
    else state.resources.delete(name);
  });
}

/** Deletes every resource of the state. */
export async function destroy(run: Run): Promise<void> {
  await removeAll(run, () => true);
}

async function register(run: Run, name: string, declared: Declared, isForced: boolean): Promise<void> {
  const { state, sandbox } = run.scene;
  const inputs = inputsOf(sandbox, declared);
  const held = state.resources.get(name);
  const wanted = await checked(run, name, held, inputs);
  if (!held) return create(run, name, declared, wanted);
  // The engine skips the diff of a resource that it is told to replace.
  const { change } = isForced
    ? { change: "replace" as const }
    : await run.call(name, "diff", () => lifecycle.diff(run.world, held.id, held.outputs, wanted));
  if (change === "none") return void state.resources.set(name, { ...held, inputs: wanted });
  if (change === "update") {
    const outputs = await run.call(name, "update", () =>
      lifecycle.update(run.world, held.id, held.outputs, wanted),
    );
    succeeded(run, name, { call: "update", held, wanted });
    state.resources.set(name, { id: held.id, inputs: wanted, outputs });
    return;
  }
  const again = await checked(run, name, undefined, inputs);
  if (declared.dbr) {
    await remove(run, name, held);
    // It stays as "pending replacement", which to the next run is a resource to create.
    state.resources.delete(name);
    return create(run, name, declared, again);
  }
  await create(run, name, declared, again, () => state.pendingDeletes.push({ name, held }));
}

async function checked(run: Run, name: string, held: Held | undefined, inputs: Wanted): Promise<Wanted> {
  const { wanted, failures } = await run.call(name, "check", () =>
    lifecycle.check(run.world, { ...held?.inputs }, { ...inputs }),
  );
  if (failures.length === 0) return wanted;
  run.refused(
    name,
    failures.map(({ reason }) => reason),
  );
}

async function create(
  run: Run,
  name: string,
  declared: Declared,
  wanted: Wanted,
  andThen: () => void = () => undefined,
): Promise<void> {
  const pair = pairOf(declared);
  const isAdopting = declared.adopt || run.world.adoptAll();
  const { connectionId: id, recorded } = await run.call(
    name,
    "create",
    () => {
      if (isAdopting) allowAdoption(run, pair, wanted);
      return lifecycle.create(run.world, wanted);
    },
    pair,
  );
  succeeded(run, name, { call: "create", id, wanted, pair, isAdopting });
  run.scene.cut.delete(pair);
  andThen();
  run.scene.state.resources.set(name, { id, inputs: wanted, outputs: recorded });
}

/** An adoption on purpose may give somebody else's connection the declared types, even when it fails later. */
function allowAdoption(run: Run, pair: string, { connectionTypes }: Wanted): void {
  const row = run.scene.liveOf(pair);
  if (row && connectionTypes) run.scene.others.get(row.id)?.add(connectionTypes.join("+"));
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
  await run.call(name, "delete", () => lifecycle.remove(run.world, held.id, held.outputs));
  succeeded(run, name, { call: "delete", held });
}

function succeeded(run: Run, name: string, success: Success): void {
  run.done(`${success.call} ${name}`);
  checkSuccess(run, name, success);
}
