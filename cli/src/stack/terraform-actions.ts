/** What a plan does to a resource. */
export interface PlannedAction {
  /** The operation, as Pulumi's engine names it. */
  op: "same" | "create" | "update" | "replace" | "delete";
  /** Whether the old object leaves the state but is not deleted, for example because of `lifecycle { destroy = false }`. */
  isForgotten: boolean;
  /** Whether the old object is deleted before the new one is created. */
  deleteFirst: boolean;
}

const defineAction = (op: PlannedAction["op"], more: Partial<PlannedAction> = {}): PlannedAction => ({
  op,
  isForgotten: false,
  deleteFirst: false,
  ...more,
});

/**
 * The planned actions. Each key is the list of actions of a change, joined with spaces (internal/command/jsonplan/plan.go in
 * hashicorp/terraform and opentofu/opentofu).
 */
const ACTIONS: ReadonlyMap<string, PlannedAction> = new Map([
  ["no-op", defineAction("same")],
  ["create", defineAction("create")],
  ["update", defineAction("update")],
  ["delete", defineAction("delete")],
  ["delete create", defineAction("replace", { deleteFirst: true })],
  ["create delete", defineAction("replace")],
  ["forget", defineAction("delete", { isForgotten: true })],
  ["create forget", defineAction("replace", { isForgotten: true })],
  ["forget create", defineAction("replace", { isForgotten: true })],
]);

/**
 * Parses the actions of a change.
 *
 * @param file - the name of the plan in messages
 * @returns `undefined` if the change only reads the resource
 * @throws if this version does not know the actions
 */
export function parseActions(
  actions: readonly string[],
  address: string,
  file: string,
): PlannedAction | undefined {
  const joined = actions.join(" ");
  if (joined === "read") return undefined;
  const action = ACTIONS.get(joined);
  if (action) return action;
  throw new Error(
    `${file} contains actions that this version does not know: ${JSON.stringify(actions)} of ${address}. Install a newer version ` +
      "of this package.",
  );
}
