import { formatCount, pluralize } from "../api/format-count.js";
import { deleteConnection } from "../connection/delete.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { runBatch, mergeFailures } from "./run-batch.js";
import type { SetState } from "./types.js";

/**
 * Deletes the members of a set, and no other connection of its source. If some deletions fail, the set stays in the state, and the
 * error reports the first cause. If several members were not deleted, it also reports their count.
 */
export async function deleteSet(context: OperationContext, olds: SetState): Promise<void> {
  const members = Object.entries(olds.members).map(([sink, member]) => ({ sink, ...member }));
  const { source, sourceOrgId, sourceOrgName } = olds;
  const { maxConcurrent } = context.getSession(source, { isFromState: true });
  const { failures, skipped } = await runBatch(members, maxConcurrent, ({ sink, id, sinkOrgName }) =>
    deleteConnection(context, id, { source, sourceOrgId, sourceOrgName, sinkOrgId: sink, sinkOrgName }),
  );
  const reasons = mergeFailures(failures, olds.members);
  const [first] = reasons;
  if (!first) return;
  const remaining = failures.length + skipped;
  if (!isOrgConnectionsError(first) || remaining === 1) throw first;
  const other = reasons.length - 1;
  const others =
    other > 0 ? ` There ${pluralize(other, "is", "are")} ${formatCount(other, "other cause")}.` : "";
  throw new OrgConnectionsError(
    first.code,
    {
      happened: `${remaining} of the set's connections were not deleted. ${first.happened}${others}`,
      advice: first.advice,
      detail: first.detail,
    },
    first.facts,
  );
}
