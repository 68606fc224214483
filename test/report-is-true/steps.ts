/** The steps of a preview as the engine generates them (pulumi/pulumi, pkg/resource/deploy/step_generator.go). */
import { SET_TYPE, SINGLE_TYPE } from "../../provider/src/type-tokens.js";
import type { Planned } from "../histories/engine.js";
import { isSetOutputs, type Held } from "../histories/held.js";
import { isSet } from "../histories/program.js";
import type { State } from "../histories/scene.js";

type Values = Record<string, unknown>;

/** A resource in a state, an old or a new one, before it is printed. */
export interface Resource {
  name: string;
  type: string;
  urn: string;
  id?: string;
  inputs: Values;
  outputs?: Values;
  delete?: true;
  pendingReplacement?: true;
}

/** One step, before it is printed. */
export interface EngineStep {
  op: string;
  name: string;
  urn: string;
  old?: Resource;
  new?: Resource;
  /** Of a refresh: what it found, which only the second event of a step shows; `gone` when nothing is left. */
  found?: Resource | "gone";
}

export const urnOf = (type: string, name: string): string => `urn:pulumi:dev::engine-test::${type}::${name}`;

/** A resource as the state holds it. */
export function resourceOf(name: string, held: Held): Resource {
  const type = isSetOutputs(held.outputs) ? SET_TYPE : SINGLE_TYPE;
  return {
    name,
    type,
    urn: urnOf(type, name),
    id: held.id,
    inputs: { ...held.inputs },
    outputs: { ...held.outputs },
  };
}

/** What the program asks for: a step begins before its outputs and, where it is new, its id are known. */
function goalOf({ name, declared, inputs }: Planned): Resource {
  const type = isSet(declared) ? SET_TYPE : SINGLE_TYPE;
  return { name, type, urn: urnOf(type, name), inputs: { ...inputs } };
}

/** A refresh reads every resource of the state, those that wait for their deletion too. */
export function refreshSteps(before: State, after: State): EngineStep[] {
  const current = [...before.resources].map(([name, held]): EngineStep => {
    const found = after.resources.get(name);
    const old = resourceOf(name, held);
    return {
      op: "refresh",
      name,
      urn: old.urn,
      old,
      new: old,
      found: found ? resourceOf(name, found) : "gone",
    };
  });
  const pending = before.pendingDeletes.map(({ name, held }): EngineStep => {
    const old: Resource = { ...resourceOf(name, held), delete: true };
    return { op: "refresh", name, urn: old.urn, old, new: old, found: old };
  });
  return [...current, ...pending];
}

/** The steps of the program's resources, then the deletions, from the state that a refresh has left. */
export function programSteps(planned: readonly Planned[], state: State): EngineStep[] {
  const declared = new Set(planned.map(({ name }) => name));
  const registered = planned.flatMap((plan) => stepsOf(plan, state.resources.get(plan.name)));
  const replaced = planned.flatMap(({ name, change, declared: { dbr } }) => {
    const held = state.resources.get(name);
    return change === "replace" && !dbr && held ? [{ name, held }] : [];
  });
  const removed = [...state.resources].reverse().filter(([name]) => !declared.has(name));
  return [
    ...registered,
    ...removed.map(([name, held]) => step("delete", resourceOf(name, held))),
    ...[...replaced, ...state.pendingDeletes].map(({ name, held }) =>
      step("delete-replaced", { ...resourceOf(name, held), delete: true }),
    ),
  ];
}

function stepsOf(plan: Planned, held: Held | undefined): EngineStep[] {
  const wanted = goalOf(plan);
  if (!held) return [step("create", undefined, wanted)];
  const old = resourceOf(plan.name, held);
  if (plan.change === "none")
    return [step("same", old, { ...wanted, id: held.id, outputs: old.outputs ?? {} })];
  if (plan.change === "update") return [step("update", old, wanted)];
  if (!plan.declared.dbr) {
    // The first of the two marks the old one, so that only the second shows the mark.
    return [step("create-replacement", old, wanted), step("replace", { ...old, delete: true }, wanted)];
  }
  const marked: Resource = { ...old, pendingReplacement: true };
  return [
    step("delete-replaced", old),
    step("replace", marked, wanted),
    step("create-replacement", marked, wanted),
  ];
}

function step(op: string, old: Resource | undefined, wanted?: Resource): EngineStep {
  const one = (wanted ?? old) as Resource;
  return { op, name: one.name, urn: one.urn, ...(old && { old }), ...(wanted && { new: wanted }) };
}
