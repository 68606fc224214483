import type { ResourceState } from "../stack/resource-state.js";
import type { Form, UnreadableResource } from "../stack/resources.js";
import { identifyStep, type Preview, type Step } from "../stack/step.js";

/** What a preview says of one resource of ours, from all its steps. */
export interface Life {
  urn: string;
  /** The URN by which the state knows it, where `aliases` have renamed it. */
  formerUrn?: string | undefined;
  /** Its name in the program. */
  name: string;
  form: Form;
  /** The operation of the program's own step; none when only the refresh shows it: it stays, unless it is gone. */
  op?: "create" | "update" | "replace" | "delete" | "same";
  /** What the state holds when the preview begins. */
  recorded?: ResourceState | undefined;
  /** What is live when the program's own step begins: what the refresh has found, else what the state holds. */
  live?: ResourceState | undefined;
  /** What the program wants. */
  wanted?: ResourceState | undefined;
  /** `delete`: the program only reads the connection from then on, or another one in its place. */
  becomesView: boolean;
  /** `replace`: whether the deletion comes first. */
  deleteFirst?: boolean | undefined;
  /** The engine's events say that the refresh found it gone. */
  isGone: boolean;
  /** `replace`: an earlier run has deleted it already, and was interrupted. */
  isPending: boolean;
  /** Of interrupted replacements: old ones that are still to be deleted. */
  leftovers: ResourceState[];
}

/** A step as far as it is about what the stack manages. */
interface OwnStep extends Step {
  /** The resource becomes a view (`OrgConnection.get`), so that the stack gives its connection up. */
  becomesView?: true;
}

/** The resources of ours in a preview, in its order. Views (`OrgConnection.get`) are no part of it. */
export function livesIn({ steps }: Preview): Life[] {
  const byUrn = new Map<string, { own: UnreadableResource; steps: OwnStep[] }>();
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

/** An import puts into the state what is live already; what the program declares is new to the stack. */
const IMPORTS: Readonly<Record<string, string>> = {
  import: "create",
  "import-replacement": "create-replacement",
};

/**
 * A step as far as it is about what the stack manages; undefined where it is only about views (`OrgConnection.get`), which
 * manage nothing. A resource that becomes a view gives its connection up: the engine deletes it when the view is of
 * another one, and leaves it alone when it is the same.
 */
function toOwnStep({ old, new: wanted, ...step }: Step): OwnStep | undefined {
  const op = IMPORTS[step.op] ?? step.op;
  const before = old?.external === true ? undefined : old;
  const after = wanted?.external === true ? undefined : wanted;
  if (before === old && after === wanted) return { ...step, op, old, new: wanted };
  if (after) return op === "discard-replaced" ? undefined : { ...step, op: "create", new: after };
  // A replacement by a view has a step "replace" as well.
  if (!before || op === "read-replacement") return undefined;
  const left = op === "read" ? { ...before, retainOnDelete: true } : before;
  return { ...step, op: "delete", old: left, becomesView: true };
}

function lifeOf({ urn, name, form }: UnreadableResource, steps: readonly OwnStep[]): Life {
  const life: Life = {
    urn,
    formerUrn: steps.find(({ old }) => old?.urn !== undefined && old.urn !== urn)?.old?.urn,
    name,
    form,
    isGone: false,
    becomesView: false,
    isPending: false,
    leftovers: [],
  };
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
    rest.find(({ op, old: before }) => isOwn(op) && before?.delete !== true);
  if (refresh?.old) life.recorded = refresh.old;
  life.becomesView = becomesView !== undefined;
  if (own) {
    life.op = isOwn(own.op) ? own.op : "replace";
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
function deletesFirst(steps: readonly OwnStep[], id: string | undefined): boolean {
  const created = steps.findIndex(({ op }) => op === "create-replacement");
  const deleted = steps.findIndex(({ op, old }) => op === "delete-replaced" && old?.id === id);
  return deleted !== -1 && deleted < created;
}

const isOwn = (op: string): op is "create" | "update" | "delete" | "same" =>
  op === "create" || op === "update" || op === "delete" || op === "same";

/**
 * The step of the refresh: it says so, or, where the engine has put in its place what it came to (display/json.go), it
 * stands before the program's own step.
 */
function refreshIn(steps: readonly OwnStep[]): OwnStep | undefined {
  const told = steps.find(({ op, isRefresh }) => isRefresh === true || op === "refresh");
  if (told) return told;
  const own = steps.filter(({ op, old }) => isOwn(op) && old?.delete !== true);
  return own.length > 1 ? own[0] : undefined;
}
