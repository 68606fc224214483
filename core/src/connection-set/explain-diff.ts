import {
  listTypeChanges,
  listValueChange,
  markReplacements,
  type ChangeDetail,
} from "../connection/change-details.js";
import type { SetComparison } from "./diff.js";
import { hasKnownConnections } from "./inputs.js";
import type { PlannedSetInputs, SetInputs, SetState } from "./types.js";

/** Lists the changes that explain the result of `compareSet`. If the result is no change, the list is empty. Pure. */
export function explainSetDiff(
  olds: SetState,
  inputs: PlannedSetInputs,
  comparison: SetComparison,
): ChangeDetail[] {
  const { result } = comparison;
  if (result.change === "none") return [];
  const details = [
    ...listValueChange(["source"], olds.source, inputs.source),
    ...(hasKnownConnections(inputs)
      ? listConnectionChanges(olds, inputs, comparison)
      : [{ path: ["connections"], kind: "update" } as const]),
    ...listValueChange(["exclusive"], olds.exclusive, inputs.exclusive),
    ...listValueChange(["adopt"], olds.adopt, inputs.adopt),
    ...listValueChange(["reason"], olds.reason, inputs.reason),
  ];
  return markReplacements(details, result.change === "replace" ? result.replaces : []);
}

function listConnectionChanges(
  olds: SetState,
  { connections }: SetInputs,
  { deletions, sinksOfDeletedMembers }: SetComparison,
): ChangeDetail[] {
  const declared = Object.entries(connections).flatMap(([sink, types]): ChangeDetail[] => {
    const path = ["connections", sink];
    // A deleted member must be created again.
    if (!olds.members[sink] || sinksOfDeletedMembers.includes(sink)) return [{ path, kind: "add" }];
    return listTypeChanges(path, olds.connections[sink] ?? [], types);
  });
  const deleted = deletions.map(({ sink }): ChangeDetail => ({
    path: ["connections", sink],
    kind: "delete",
  }));
  return [...declared, ...deleted];
}
