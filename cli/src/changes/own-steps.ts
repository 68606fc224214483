import type { Step } from "./step.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/display/types.go). */
export const OPERATIONS: ReadonlySet<string> = new Set([
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"],
  ...["read", "read-replacement", "refresh", "discard", "discard-replaced", "remove-pending-replace"],
  ...["import", "import-replacement"],
]);

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
export function toOwnStep(step: Step): Step | undefined {
  const { old, new: wanted, ...rest } = step;
  const op = IMPORTS[step.op] ?? step.op;
  const before = old?.external === true ? undefined : old;
  const after = wanted?.external === true ? undefined : wanted;
  if (before === old && after === wanted) return { ...step, op };
  if (after) return op === "discard-replaced" ? undefined : { ...rest, op: "create", new: after };
  // A replacement by a view has a step "replace" as well.
  if (!before || op === "read-replacement") return undefined;
  return op === "read"
    ? { ...rest, op: "delete", old: { ...before, retainOnDelete: true }, becomesView: true }
    : { ...rest, op: "delete", old: before, becomesView: true };
}
