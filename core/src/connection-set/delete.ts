import { formatCount, pluralize } from "../text/phrases.js";
import { deleteConnection } from "../connection/delete.js";
import { isOrgConnectionsError, rephraseError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { runBatch, mergeFailures } from "./run-batch.js";
import type { SetState } from "./types.js";

/**
 * Deletes the members of a set, and no other connection of its source organization.
 *
 * @throws the first error if a deletion failed, so that the set stays in the state. If several deletions failed or were skipped, an
 *   `OrgConnectionsError` also reports how many
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
  const skippedHint =
    skipped > 0
      ? ` ${skipped} of the deletions ${pluralize(skipped, "was", "were")} skipped after too many consecutive failures.`
      : "";
  const otherReasons = reasons.length - 1;
  const reasonsHint =
    otherReasons > 0 ? ` Other deletions failed for ${formatCount(otherReasons, "other reason")}.` : "";
  throw rephraseError(first, {
    happened: `${remaining} deletions of members failed or were skipped. ${first.happened}${reasonsHint}${skippedHint}`,
  });
}
