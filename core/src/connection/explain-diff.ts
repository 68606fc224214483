import { deriveInputs } from "./build-state.js";
import { listTypeChanges, listValueChange, markReplacements, type ChangeDetail } from "./change-details.js";
import type { DiffResult } from "./diff.js";
import type { Inputs, State } from "./types.js";

/** Lists the changes behind the result of `diff`. It decides nothing: without a change, there are no details. Pure. */
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

/** In an update, types that the program no longer specifies stay as they are, so that is no change. */
function listSpecifiedTypeChanges(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  isReplaced: boolean,
): ChangeDetail[] {
  // Datadog chooses the types of the new connection.
  if (!after) return before && isReplaced ? [{ path: ["connectionTypes"], kind: "delete" }] : [];
  return before
    ? listTypeChanges(["connectionTypes"], before, after)
    : [{ path: ["connectionTypes"], kind: "add" }];
}
