/** Generates the steps of a preview like the engine (pulumi/pulumi, pkg/resource/deploy/step_generator.go). */
import { OFFICIAL_TYPE } from "../../cli/src/stack/pulumi-resources.js";
import { SET_TYPE, SINGLE_TYPE } from "../../core/src/host/type-tokens.js";
import type { PlannedChange } from "../histories/engine.js";
import { isSetState, type SavedResource } from "../histories/saved-resource.js";
import { isSet, pick } from "../histories/program.js";
import type { StackState } from "../histories/scenario.js";

export type PropertyValues = Record<string, unknown>;

/** An old or a new resource of a step, before it is printed. */
export interface StepResource {
  name: string;
  type: string;
  urn: string;
  id?: string;
  /** The provider of a resource of another package. */
  provider?: string;
  parent?: string;
  inputs: PropertyValues;
  outputs?: PropertyValues;
  delete?: true;
  pendingReplacement?: true;
}

/** One step, before it is printed. */
export interface EngineStep {
  op: string;
  name: string;
  urn: string;
  old?: StepResource;
  new?: StepResource;
  /** The result of a refresh, which only the second event of a step shows. `gone`: nothing is left. */
  found?: StepResource | "gone";
}

export const PROVIDER_TYPE = "pulumi:providers:datadog";

export const formatUrn = (type: string, name: string): string =>
  `urn:pulumi:dev::engine-test::${type}::${name}`;

/** The stack itself. */
export const ROOT_URN = formatUrn("pulumi:pulumi:Stack", "engine-test-dev");

/** The reference to the provider of `@pulumi/datadog` for an organization: its URN and its ID. */
export const formatProvider = (sourceOrgId: string): string =>
  `${formatUrn(PROVIDER_TYPE, sourceOrgId)}::${sourceOrgId}`;

/** Converts a resource of the state. */
export function toResource(name: string, saved: SavedResource): StepResource {
  const ownType = isSetState(saved.outputs) ? SET_TYPE : SINGLE_TYPE;
  const type = saved.isOfficial ? OFFICIAL_TYPE : ownType;
  return {
    name,
    type,
    urn: formatUrn(type, name),
    id: saved.id,
    ...(saved.isOfficial && { provider: formatProvider(saved.outputs.sourceOrgId ?? "") }),
    inputs: { ...saved.inputs },
    outputs: { ...saved.outputs },
  };
}

/** Converts what the program declares. When a step starts, its outputs and the id of a new resource are unknown. */
function toDeclaredResource({ name, declared, inputs }: PlannedChange): StepResource {
  const type = isSet(declared) ? SET_TYPE : SINGLE_TYPE;
  return { name, type, urn: formatUrn(type, name), inputs: { ...inputs } };
}

/** Lists the steps of a refresh, which also reads the resources that are still to be deleted. */
export function listRefreshSteps(before: StackState, after: StackState): EngineStep[] {
  const current = [...before.resources].map(([name, saved]): EngineStep => {
    const found = after.resources.get(name);
    const old = toResource(name, saved);
    return {
      op: "refresh",
      name,
      urn: old.urn,
      old,
      new: old,
      found: found ? toResource(name, found) : "gone",
    };
  });
  const pending = before.pendingDeletes.map(({ name, saved }): EngineStep => {
    const old: StepResource = { ...toResource(name, saved), delete: true };
    return { op: "refresh", name, urn: old.urn, old, new: old, found: old };
  });
  return [...current, ...pending];
}

/**
 * Lists the steps of the program's resources, then the deletions, from the state after a refresh.
 *
 * @param foreign - the index of the removed resource that becomes one of another type
 */
export function listProgramSteps(
  planned: readonly PlannedChange[],
  state: StackState,
  foreign: number | undefined,
): EngineStep[] {
  const declared = new Set(planned.map(({ name }) => name));
  const registered = planned.flatMap((plan) => listSteps(plan, state.resources.get(plan.name)));
  const replaced = planned.flatMap(({ name, change, declared: { dbr } }) => {
    const saved = state.resources.get(name);
    return change === "replace" && !dbr && saved ? [{ name, saved }] : [];
  });
  const removed = [...state.resources].reverse().filter(([name]) => !declared.has(name));
  const became = foreign === undefined || removed.length === 0 ? undefined : pick(removed, foreign);
  return [
    ...registered,
    ...(became ? listForeignSteps(toResource(...became)) : []),
    ...removed
      .filter((one) => one !== became)
      .map(([name, saved]) => createStep("delete", toResource(name, saved))),
    ...(became ? [createStep("delete-replaced", { ...toResource(...became), delete: true })] : []),
    ...[...replaced, ...state.pendingDeletes].map(({ name, saved }) =>
      createStep("delete-replaced", { ...toResource(name, saved), delete: true }),
    ),
  ];
}

/** Lists the steps of a resource whose alias makes it one of another type. The old one is deleted last. */
function listForeignSteps(old: StepResource): EngineStep[] {
  const type = "other:index:Thing";
  const next: StepResource = { name: old.name, type, urn: formatUrn(type, old.name), inputs: {} };
  return [createStep("create-replacement", old, next), createStep("replace", { ...old, delete: true }, next)];
}

function listSteps(plan: PlannedChange, saved: SavedResource | undefined): EngineStep[] {
  const next = toDeclaredResource(plan);
  if (!saved) return [createStep("create", undefined, next)];
  const old = toResource(plan.name, saved);
  if (plan.change === "none")
    return [createStep("same", old, { ...next, id: saved.id, outputs: old.outputs ?? {} })];
  if (plan.change === "update") return [createStep("update", old, next)];
  if (!plan.declared.dbr) {
    // The first of these steps marks the old resource, so only the second step shows the mark.
    return [
      createStep("create-replacement", old, next),
      createStep("replace", { ...old, delete: true }, next),
    ];
  }
  const marked: StepResource = { ...old, pendingReplacement: true };
  return [
    createStep("delete-replaced", old),
    createStep("replace", marked, next),
    createStep("create-replacement", marked, next),
  ];
}

function createStep(op: string, old: StepResource | undefined, next?: StepResource): EngineStep {
  const one = (next ?? old) as StepResource;
  return { op, name: one.name, urn: one.urn, ...(old && { old }), ...(next && { new: next }) };
}
