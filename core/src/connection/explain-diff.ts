import { deriveInputs } from "./build-state.js";
import { listTypeChanges, listValueChange, markReplacements, type ChangeDetail } from "./change-details.js";
import type { DiffResult } from "./diff.js";
import type { Inputs, State } from "./types.js";

/**
 * Lists the changes that explain the result of `diff`. If the result is no change, the list is empty, even if the inputs differ
 * from the state. Pure.
 */
export function explainDiff(olds: State, inputs: Inputs, result: DiffResult): ChangeDetail[] {
  if (result.change === "none") return [];
  const before = deriveInputs(olds);
  const details = [
    ...listValueChange(["sinkOrgId"], before.sinkOrgId, inputs.sinkOrgId),
    ...listValueChange(["source"], before.source, inputs.source),
    ...listSpecifiedTypeChanges(before.connectionTypes, inputs.connectionTypes, result.change === "replace"),
    ...listValueChange(["adopt"], before.adopt, inputs.adopt),
    ...listValueChange(["reason"], before.reason, inputs.reason),
  ];
  return markReplacements(details, result.change === "replace" ? result.replaces : []);
}

/** Lists the changes of the types. An update without `connectionTypes` does not change the types. */
function listSpecifiedTypeChanges(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  isReplaced: boolean,
): ChangeDetail[] {
  // In a replacement without specified types, Datadog chooses the types of the new connection.
  if (!after) return before && isReplaced ? [{ path: ["connectionTypes"], kind: "delete" }] : [];
  return before
    ? listTypeChanges(["connectionTypes"], before, after)
    : [{ path: ["connectionTypes"], kind: "add" }];
}
