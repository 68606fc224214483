import { identify, typeOf, type Form, type UnreadableResource } from "../stack/resources.js";
import { toOwnStep } from "./own-steps.js";
import type { Preview, ResourceState, Step } from "./step.js";

/** What a preview says of one resource of ours, from all its steps. */
export interface Life {
  urn: string;
  /** The URN by which the state knows it, where `aliases` have renamed it. */
  formerUrn?: string;
  /** Its name in the program. */
  name: string;
  form: Form;
  /** As the engine knows the form. */
  type: string;
  /** The operation of the program's own step; none when only the refresh shows it: it stays, unless it is gone. */
  op?: "create" | "update" | "replace" | "delete" | "same";
  /** What the state holds when the preview begins. */
  recorded?: ResourceState;
  /** What is live when the program's own step begins: what the refresh has found, else what the state holds. */
  live?: ResourceState;
  /** What the program wants. */
  wanted?: ResourceState;
  /** `delete`: the program only reads the connection from then on, or another one in its place. */
  becomesView: boolean;
  /** `replace`: whether the deletion comes first. */
  deleteFirst?: boolean;
  /** The engine's events say that the refresh found it gone. */
  isGone: boolean;
  /** `replace`: an earlier run has deleted it already, and was interrupted. */
  isPending: boolean;
  /** Of interrupted replacements: old ones that are still to be deleted. */
  leftovers: ResourceState[];
}

/** The resources of ours in a preview, in its order. Views (`OrgConnection.get`) are no part of it. */
export function livesIn({ steps }: Preview): Life[] {
  const byUrn = new Map<string, { own: UnreadableResource; steps: Step[] }>();
  for (const any of steps) {
    const step = toOwnStep(any);
    const own = step && identifyStep(step);
    if (!own) continue;
    const known = byUrn.get(step.urn);
    if (known) known.steps.push(step);
    else byUrn.set(step.urn, { own, steps: [step] });
  }
  return [...byUrn.values()].map((one) => lifeOf(one.own, one.steps));
}

/** The resource of a step, where it is ours. A step without a state is told by its URN. */
export const identifyStep = ({ urn, old, new: wanted }: Step): UnreadableResource | undefined =>
  identify({ urn, type: (wanted ?? old)?.type });

function lifeOf({ urn, name, form }: UnreadableResource, steps: readonly Step[]): Life {
  const life: Life = {
    urn,
    name,
    form,
    type: typeOf(form),
    isGone: false,
    becomesView: false,
    isPending: false,
    leftovers: [],
  };
  const former = steps.find(({ old }) => old?.urn !== undefined && old.urn !== urn)?.old?.urn;
  if (former !== undefined) life.formerUrn = former;
  const refresh = refreshIn(steps);
  const rest = steps.filter((step) => step !== refresh);
  const deletions = rest.filter(({ op }) => op === "delete-replaced");
  const replacement = rest.find(({ op }) => op === "replace" || op === "create-replacement");
  const old = rest.find(({ op }) => op === "replace")?.old ?? replacement?.old;
  const becomesView = rest.find((step) => step.becomesView === true);
  const replaced = replacement ? old?.id : becomesView?.old?.id;
  for (const { old: deleted } of deletions) {
    if (deleted && (replaced === undefined || deleted.id !== replaced)) life.leftovers.push(deleted);
  }
  for (const step of rest) {
    if (step.op === "delete" && step.old?.delete === true) life.leftovers.push(step.old);
  }
  const own =
    rest.find(({ op }) => op === "replace") ??
    replacement ??
    rest.find(({ op, old: before }) => OWN.has(op) && before?.delete !== true);
  if (refresh?.old) life.recorded = refresh.old;
  life.becomesView = becomesView !== undefined;
  if (own) {
    life.op = own.op === "create-replacement" ? "replace" : (own.op as NonNullable<Life["op"]>);
    if (own.new && life.op !== "delete") life.wanted = own.new;
    if (own.old) {
      life.live = own.old;
      life.recorded ??= own.old;
    }
  } else if (refresh?.old) {
    // The events of the engine tell what the refresh found; the other form only that it looked.
    life.isGone = refresh.isRefresh === true && refresh.op === "delete";
    life.live = (refresh.isRefresh === true ? refresh.new : undefined) ?? refresh.old;
  }
  // The engine marks what it deletes, before or after (pulumi/pulumi, pkg/resource/deploy/step.go).
  if (life.op === "replace")
    life.deleteFirst = old?.pendingReplacement === true || deletesFirst(rest, old?.id);
  life.isPending = rest.some(({ op }) => op === "remove-pending-replace");
  return life;
}

/** The events of the engine lack the mark, and show all steps. */
function deletesFirst(steps: readonly Step[], id: string | undefined): boolean {
  const created = steps.findIndex(({ op }) => op === "create-replacement");
  const deleted = steps.findIndex(({ op, old }) => op === "delete-replaced" && old?.id === id);
  return deleted !== -1 && deleted < created;
}

const OWN: ReadonlySet<string> = new Set(["create", "update", "delete", "same"]);

/**
 * The step of the refresh: it says so, or, where the engine has put in its place what it came to (display/json.go), it
 * stands before the program's own step.
 */
function refreshIn(steps: readonly Step[]): Step | undefined {
  const told = steps.find(({ op, isRefresh }) => isRefresh === true || op === "refresh");
  if (told) return told;
  const own = steps.filter(({ op, old }) => OWN.has(op) && old?.delete !== true);
  return own.length > 1 ? own[0] : undefined;
}
