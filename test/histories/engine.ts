/**
 * A small simulation of the Pulumi engine: which methods of the provider host it calls for a program and a
 * state, in which order, and what it saves after each call.
 */
import { checkSuccess, type Success } from "./checks.js";
import { listSavedConnections, isSetState, type SavedResource } from "./saved-resource.js";
import { permitAdoptions, permitDeletes } from "./permissions.js";
import { listDeclaredConnections, toInputs, isSet, type DeclaredResource } from "./program.js";
import type { DiffResponse, Resource } from "./provider-host.js";
import { checkPreviewedOutputs } from "./preview-is-true.js";
import type { OperationRun } from "./run.js";
import type { StackState } from "./scenario.js";

/** Inputs from the program, before check. */
type RawInputs = object;
type ChangeKind = "none" | "update" | "replace";

/** The planned change of one declared resource. */
export interface PlannedChange {
  name: string;
  declared: DeclaredResource;
  change: "create" | ChangeKind;
  /** The inputs after check. */
  inputs: SavedResource["inputs"];
}

/** Options of a preview. */
export interface PreviewOptions {
  /** The resource passed to `--replace`. */
  forced?: string | undefined;
  /** Replaces inputs by values that are only known in the `up`. */
  hide?: (name: string, inputs: RawInputs) => RawInputs;
  /** Receives the plan of each resource. */
  onPlan?: (planned: PlannedChange) => void;
}

/** Runs a preview: check and diff, without writes. */
export async function preview(
  run: OperationRun,
  { forced, hide = (_, inputs) => inputs, onPlan }: PreviewOptions = {},
): Promise<Map<string, string>> {
  const { program, state } = run.scenario;
  const differences = new Map<string, string>();
  await run.runEach([...program], async ([name, declared]) => {
    const saved = state.resources.get(name);
    const programInputs = hide(name, getProgramInputs(run, declared));
    const isForced = name === forced;
    let inputs = await checkInputs(run, name, declared, isForced ? undefined : saved, programInputs);
    let change: PlannedChange["change"] = "create";
    if (saved) change = isForced ? "replace" : toChange(saved, await diffResource(run, name, saved, inputs));
    if (change === "replace") inputs = await checkInputs(run, name, declared, undefined, programInputs);
    if (run.host.isCalledInPreviews) await previewChange(run, name, declared, saved, change, inputs);
    if (change !== "none") differences.set(name, change);
    onPlan?.({ name, declared, change, inputs });
  });
  for (const name of state.resources.keys()) if (!program.has(name)) differences.set(name, "delete");
  for (const { name } of state.pendingDeletes) differences.set(`${name} (pending)`, "delete");
  return differences;
}

/**
 * Registers all resources, then deletes the removed ones.
 *
 * @param forced the resource passed to `--replace`
 */
export async function update(run: OperationRun, forced?: string): Promise<void> {
  const { program } = run.scenario;
  await run.runEach([...program], ([name, declared]) =>
    registerResource(run, name, declared, name === forced),
  );
  if (run.isOver) return;
  await deleteAll(run, (name) => !program.has(name));
}

/** Reads every resource of the state. */
export async function refresh(run: OperationRun, state: StackState): Promise<void> {
  const pending = state.pendingDeletes.map((entry) => ({
    name: `${entry.name} (pending)`,
    saved: entry.saved,
    entry,
  }));
  const current = [...state.resources].map(([name, saved]) => ({ name, saved, entry: undefined }));
  await run.runEach([...current, ...pending], async ({ name, saved, entry }) => {
    // The official provider's Read returns the state.
    if (saved.isOfficial) return;
    const resource = toResource(entry?.name ?? name, saved);
    const found = await run.call(name, "read", () => run.host.read(resource, saved));
    const refreshed = found && toSavedResource(saved.id, found.inputs, found.outputs);
    recordSuccess(run, name, { call: "read", saved, refreshed });
    // The engine calls diff for the next `up` and shows the result in reverse.
    if (refreshed)
      await run.call(name, "diff", () => run.host.diff(resource, refreshed, { ...saved.inputs }));
    if (entry) {
      if (!refreshed) state.pendingDeletes.splice(state.pendingDeletes.indexOf(entry), 1);
    } else if (refreshed) state.resources.set(name, refreshed);
    else state.resources.delete(name);
  });
}

/** Deletes every resource of the state. */
export async function destroy(run: OperationRun): Promise<void> {
  await deleteAll(run, () => true);
}

async function registerResource(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  isForced: boolean,
): Promise<void> {
  const { state } = run.scenario;
  const saved = state.resources.get(name);
  // For the resource of `--replace`, the engine passes no old inputs and skips the diff.
  const inputs = await checkInputs(run, name, declared, isForced ? undefined : saved);
  if (!saved) return createResource(run, name, declared, inputs);
  const difference = isForced ? undefined : await diffResource(run, name, saved, inputs);
  const change = difference ? toChange(saved, difference) : "replace";
  if (change === "none") return void state.resources.set(name, { ...saved, inputs });
  if (change === "update") return updateResource(run, name, declared, saved, inputs);
  const again = await checkInputs(run, name, declared, undefined);
  if (declared.dbr || difference?.deleteBeforeReplace === true) {
    // A provider gets neither `--replace` nor the option, so the preview shows the old connection as adopted.
    if (isForced) run.previewed.delete(name);
    await deleteResource(run, name, saved);
    // The engine keeps it as "pending replacement". The next run creates it.
    state.resources.delete(name);
    return createResource(run, name, declared, again);
  }
  await createResource(run, name, declared, again, () => state.pendingDeletes.push({ name, saved }));
}

/** Inputs from the program, with the marker of the resource option that the constructor adds. */
const getProgramInputs = ({ scenario, host }: OperationRun, declared: DeclaredResource): RawInputs => ({
  ...toInputs(scenario.sandbox, declared),
  ...(declared.dbr && host.getInputsOfDeleteBeforeReplace()),
});

async function checkInputs(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  saved: SavedResource | undefined,
  programInputs: RawInputs = getProgramInputs(run, declared),
): Promise<SavedResource["inputs"]> {
  const resource = { name, isSet: isSet(declared) };
  const response = await run.call(name, "check", () =>
    run.host.check(resource, { ...saved?.inputs }, programInputs),
  );
  const { inputs, failures = [] } = response;
  if (failures.length === 0) return inputs as SavedResource["inputs"];
  run.recordCheckFailures(
    name,
    failures.map(({ reason }) => reason),
  );
}

/**
 * In a preview, the engine calls the create or update of a provider that supports previews. Its result is what programs and
 * reviewers see.
 */
async function previewChange(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  saved: SavedResource | undefined,
  change: PlannedChange["change"],
  inputs: SavedResource["inputs"],
): Promise<void> {
  if (change === "none") return;
  const resource = { name, isSet: isSet(declared) };
  const outputs =
    saved && change === "update"
      ? await run.call(name, "update", () => run.host.update(resource, saved, inputs, true))
      : (await run.call(name, "create", () => run.host.create(resource, inputs, true))).outputs;
  run.previewed.set(name, outputs);
}

function diffResource(
  run: OperationRun,
  name: string,
  saved: SavedResource,
  inputs: SavedResource["inputs"],
): Promise<DiffResponse> {
  return run.call(name, "diff", () => run.host.diff(toResource(name, saved), saved, inputs));
}

function toChange(saved: SavedResource, { changes, replaces = [] }: DiffResponse): ChangeKind {
  if (replaces.length > 0) return "replace";
  return changes === true || saved.isPartial === true ? "update" : "none";
}

async function createResource(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  inputs: SavedResource["inputs"],
  onCreated: () => void = () => undefined,
): Promise<void> {
  const isAdopting = declared.adopt || run.context.isAdoptingAll();
  const callHost = () => {
    if (isAdopting) permitAdoptions(run.scenario, declared);
    return capturePartialFailure(async () => {
      const created = await run.host.create({ name, isSet: isSet(declared) }, inputs, false);
      return { id: created.id, properties: created.outputs };
    });
  };
  const pairs = listDeclaredConnections(declared).map(({ pair }) => pair);
  const { id, properties, reasons } = await run.call(name, "create", callHost, pairs);
  const saved = toSavedResource(id, inputs, properties, reasons);
  recordSuccess(run, name, { call: "create", saved, declared, isAdopting, reasons });
  if (reasons.length === 0) checkPreviewedOutputs(run, name, saved.outputs);
  onCreated();
  saveResource(run, name, declared, saved, reasons);
}

async function updateResource(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  before: SavedResource,
  inputs: SavedResource["inputs"],
): Promise<void> {
  const isAdopting = declared.adopt || run.context.isAdoptingAll();
  const callHost = () => {
    if (isAdopting && isSet(declared)) permitAdoptions(run.scenario, declared);
    permitDeletes(run.scenario, declared, before);
    return capturePartialFailure(async () => ({
      id: before.id,
      properties: await run.host.update({ name, isSet: isSet(declared) }, before, inputs, false),
    }));
  };
  const members = new Set(
    listSavedConnections(before)
      .filter(({ id }) => !run.context.ledger.isDeleted(id))
      .map(({ sinkOrgId }) => sinkOrgId),
  );
  const newConnections = listDeclaredConnections(declared).filter(
    ({ sink }) => !members.has(run.scenario.sandbox.getOrganization(sink).id),
  );
  const pairs = isSet(declared) ? newConnections.map(({ pair }) => pair) : [];
  const { properties, reasons } = await run.call(name, "update", callHost, pairs);
  // After a partial update, the engine keeps the old inputs.
  const saved = toSavedResource(before.id, reasons.length > 0 ? before.inputs : inputs, properties, reasons);
  recordSuccess(run, name, { call: "update", saved, before, declared, isAdopting, reasons });
  if (reasons.length === 0) checkPreviewedOutputs(run, name, saved.outputs);
  saveResource(run, name, declared, saved, reasons);
}

function saveResource(
  run: OperationRun,
  name: string,
  declared: DeclaredResource,
  saved: SavedResource,
  reasons: readonly string[],
): void {
  const { scenario } = run;
  const sinks = new Set(listSavedConnections(saved).map(({ sinkOrgId }) => scenario.getKey(sinkOrgId)));
  for (const { sink, pair } of listDeclaredConnections(declared))
    if (sinks.has(sink)) scenario.uncertainCreates.delete(pair);
  scenario.state.resources.set(name, saved);
  if (reasons.length > 0) run.recordPartialFailure(name, declared, reasons);
}

/**
 * Runs a create or update. If an error has `id`, `properties` and `reasons`, the engine saves them and
 * reports the error.
 */
async function capturePartialFailure(
  callHost: () => Promise<{ id: string; properties: unknown }>,
): Promise<{ id: string; properties: unknown; reasons: string[] }> {
  try {
    return { ...(await callHost()), reasons: [] };
  } catch (error) {
    if (!(error instanceof Error) || !("reasons" in error)) throw error;
    return error as Error & { id: string; properties: unknown; reasons: string[] };
  }
}

async function deleteAll(run: OperationRun, isSelected: (name: string) => boolean): Promise<void> {
  const { state } = run.scenario;
  const current = [...state.resources].filter(([name]) => isSelected(name)).reverse();
  await run.runEach(
    [...current.map(([name, saved]) => ({ name, saved })), ...state.pendingDeletes],
    async (entry) => {
      await deleteResource(run, entry.name, entry.saved);
      if (state.pendingDeletes.includes(entry))
        state.pendingDeletes.splice(state.pendingDeletes.indexOf(entry), 1);
      else state.resources.delete(entry.name);
    },
  );
}

async function deleteResource(run: OperationRun, name: string, saved: SavedResource): Promise<void> {
  if (saved.isOfficial) {
    deleteOfficial(run, name, saved);
    return;
  }
  await run.call(name, "delete", () => run.host.delete(toResource(name, saved), saved));
  recordSuccess(run, name, { call: "delete", saved });
}

/** The official provider deletes by ID, whoever manages the connection. A missing connection is a success. */
function deleteOfficial(run: OperationRun, name: string, { id }: SavedResource): void {
  const { scenario } = run;
  run.recordStep(`delete ${name} with the official provider`);
  if (!scenario.listLive().some((row) => row.id === id)) return;
  scenario.sandbox.disconnect(id);
  scenario.deletedByOfficial.add(id);
  scenario.others.delete(id);
  scenario.ours.delete(id);
}

function recordSuccess(run: OperationRun, name: string, success: Success): void {
  run.recordStep(
    `${success.call} ${name}${"reasons" in success && success.reasons.length > 0 ? " in part" : ""}`,
  );
  checkSuccess(run, name, success);
}

const toResource = (name: string, { outputs }: SavedResource): Resource => ({
  name,
  isSet: isSetState(outputs),
});

/** The resource as the engine saves it: plain data, without the provider line. */
function toSavedResource(
  id: string,
  inputs: unknown,
  outputs: unknown,
  reasons: readonly string[] = [],
): SavedResource {
  const toPlain = (value: unknown) => {
    const known = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
    delete known["__provider"];
    return known as unknown;
  };
  return {
    id,
    inputs: toPlain(inputs) as SavedResource["inputs"],
    outputs: toPlain(outputs) as SavedResource["outputs"],
    ...(reasons.length > 0 && { isPartial: true }),
  };
}
