import { canOtherProviderDeleteFirst, DELETE_BEFORE_REPLACE } from "../connection/check.js";
import { isAdopting } from "../connection/existing.js";
import { runPreviewChecks } from "../connection/preview-checks.js";
import type { OperationContext } from "../operation/operation-context.js";
import { addErrorCode, formatUnfamiliarTypes, type ParsedInputs } from "../connection/inputs.js";
import type { CheckFailure } from "../connection/types.js";
import { parseUnconfiguredSources, UNCONFIGURED_SOURCES } from "../connection/other-failures.js";
import {
  hasKnownConnections,
  listSinks,
  normalizeSavedSetInputs,
  normalizeSetInputs,
  toConnectionInputs,
} from "./fields.js";
import { OTHER_PAIRS, parseOtherPairs } from "../operation/program-declarations.js";
import type { PlannedSetInputs } from "./types.js";

/** Normalizes and validates a set, and runs the preview checks of its new destinations. An unchanged set needs no request. */
export async function checkSet(
  context: OperationContext,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Promise<ParsedInputs<PlannedSetInputs>> {
  const { inputs, failures: parseFailures } = normalizeSetInputs(news);
  if (inputs?.exclusive === true)
    context.ledger.setOtherPairs(inputs.source, parseOtherPairs(news[OTHER_PAIRS]));
  if (inputs) context.ledger.declareSource(inputs.source);
  const failures = addErrorCode(parseFailures);
  const before = normalizeSavedSetInputs(olds).inputs;
  for (const sink of listSinks(before)) context.ledger.declareOldPair(before?.source, sink);
  if (!inputs || failures.length > 0 || JSON.stringify(before) === JSON.stringify(inputs))
    return { inputs, failures };
  if (canOtherProviderDeleteFirst(news)) context.ledger.expectDeletionsByOthers();
  // If the destinations are unknown, none can be checked. `connections` stays unknown, so that a preview does not show deletions.
  if (!hasKnownConnections(inputs)) return { inputs, failures };
  const types = [...new Set(Object.values(inputs.connections).flat())];
  const warning = formatUnfamiliarTypes("connections", types);
  if (warning !== undefined) context.warn(warning);
  const sinksBefore = new Set(listSinks(before));
  // Whether the engine calls diff after this check. Before a create, even in a replacement, the engine passes no old inputs and
  // calls no diff.
  const hasDiff = Object.keys(olds).length > 0;
  const addDeclaredPairs = () => {
    for (const sink of Object.keys(inputs.connections)) {
      if (sinksBefore.has(sink)) context.ledger.declareCheckedPair(inputs.source, sink, before);
      else context.ledger.declareNewPairOfSet(inputs.source, sink, { hasDiff });
    }
  };
  if (context.getCheckMode() === "offline") {
    addDeclaredPairs();
    return { inputs, failures };
  }
  // If a replacement deletes the old set first, the connections of the old set may still exist during this check.
  const oldSetMayBeDeletedFirst = news[DELETE_BEFORE_REPLACE] === true;
  // The checks run sequentially: the first one sends the requests, and the others use its results.
  const previewFailures: CheckFailure[] = [];
  const unconfigured = parseUnconfiguredSources(news[UNCONFIGURED_SOURCES]);
  for (const sink of Object.keys(inputs.connections)) {
    if (sinksBefore.has(sink)) continue;
    const connectionInputs = toConnectionInputs(inputs, sink);
    const sinkFailures = await runPreviewChecks(context, connectionInputs, {
      // After an update that failed in part, the old inputs may lack members. Only diff gets the members, so diff reports existing
      // connections that are not members (`reportNewlyDeclared`).
      isUpdate: hasDiff,
      needsProvenCaller: true,
      mayBeDeletedFirst: oldSetMayBeDeletedFirst && !isAdopting(context, connectionInputs),
      unconfigured,
    });
    previewFailures.push(...sinkFailures.map(({ property, reason }) => toSetFailure(property, sink, reason)));
    // A problem with the credentials is the same for all destinations.
    if (sinkFailures.some(({ property }) => property === "source")) break;
  }
  if (previewFailures.length === 0) addDeclaredPairs();
  return { inputs, failures: previewFailures };
}

function toSetFailure(property: string, sink: string, reason: string): CheckFailure {
  return property === "source" ? { property, reason } : { property: `connections["${sink}"]`, reason };
}
