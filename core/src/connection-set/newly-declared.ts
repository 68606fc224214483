import { findByPair } from "../connection/find-connection.js";
import { reportExisting } from "../connection/preview-checks.js";
import { UNKNOWN } from "../connection/types.js";
import { formatPairKey, type OperationContext } from "../operation/operation-context.js";
import { toConnectionInputs } from "./inputs.js";
import type { SetInputs, SetState } from "./types.js";

/**
 * Reports the undeclared connections that the program declares now, and which the update will therefore adopt. Check cannot do it:
 * after a refresh, the old inputs have these connections too, so their destinations do not seem to be new.
 *
 * @throws `pair-exists` if the update will not adopt one of them, and so would fail
 */
export async function reportNewlyDeclared(
  context: OperationContext,
  olds: SetState,
  inputs: SetInputs,
): Promise<void> {
  if (inputs.source === UNKNOWN) return;
  const newSinks = Object.keys(olds.undeclared ?? {}).filter((sink) => {
    const key = formatPairKey(inputs.source, sink);
    // A refresh also runs diff, with the inputs that it has read. It runs no check, so `declaredPairs` is empty.
    const isDeclared = sink in inputs.connections && context.declaredPairs.has(key);
    return isDeclared && !olds.members[sink] && !context.adoptions.has(key);
  });
  if (newSinks.length === 0 || context.hasStartedChanges || context.getCheckMode() === "offline") return;
  const session = context.getSession(inputs.source);
  const listing = await session.getBaselineListing();
  for (const sink of newSinks) {
    const existing = findByPair(listing, olds.sourceOrgId, sink);
    if (existing) reportExisting(context, session, toConnectionInputs(inputs, sink), existing);
  }
}
