import { isAdopting } from "./existing.js";
import { isStateOnlyChange } from "./field.js";
import { FIELDS, normalizeInputs, normalizeSavedInputs } from "./fields.js";
import { addErrorCode, formatUnfamiliarTypes, type ParsedInputs } from "./inputs.js";
import { runPreviewChecks } from "./preview-checks.js";
import type { Inputs } from "./types.js";
import { parseUnconfiguredSources, UNCONFIGURED_SOURCES } from "./other-failures.js";
import type { OperationContext } from "../operation/operation-context.js";

/**
 * The name of the internal input with which the constructor reports that the resource option `deleteBeforeReplace` is set. The
 * engine does not pass the option to check. The input is not stored in the state.
 */
export const DELETE_BEFORE_REPLACE = "__deleteBeforeReplace";

/**
 * The name of the internal input with which the constructor reports that the resource option `dependsOn` includes, or may include,
 * a resource of another package. The input is not stored in the state.
 */
export const DEPENDS_ON_OTHERS = "__dependsOnOthers";

/**
 * Whether another provider may delete the existing connection of the pair before this resource adopts it. With
 * `deleteBeforeReplace`, the other provider deletes first if an alias moves this resource from it and the resource is replaced.
 * With `dependsOn`, the engine first changes the other provider's resource, which may delete the connection. See
 * `OperationLedger.needsNewListingToAdopt`.
 */
export const canOtherProviderDeleteFirst = (news: Readonly<Record<string, unknown>>): boolean =>
  news[DELETE_BEFORE_REPLACE] === true || news[DEPENDS_ON_OTHERS] === true;

/**
 * Normalizes and validates the inputs of one connection, and runs the preview checks if they are needed. The engine calls check in
 * a preview and again in the update, but does not pass whether it is a preview. Only the plugin gets the URN, so check does not
 * know which resource it checks. An unchanged resource needs no credentials and no request.
 */
export async function check(
  context: OperationContext,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Promise<ParsedInputs<Inputs>> {
  const { inputs, failures: parseFailures } = normalizeInputs(news);
  const failures = addErrorCode(parseFailures);
  const before = normalizeSavedInputs(olds).inputs;
  if (inputs) context.ledger.declareSource(inputs.source);
  if (before) context.ledger.declareOldPair(before.source, before.sinkOrgId);
  if (!inputs || failures.length > 0 || isUnchanged(before, inputs)) return { inputs, failures };
  const hasDeleteBeforeReplace = news[DELETE_BEFORE_REPLACE] === true;
  if (canOtherProviderDeleteFirst(news)) context.ledger.expectDeletionsByOthers();
  const warning = formatUnfamiliarTypes(
    `connectionTypes of the connection to ${inputs.sinkOrgId}`,
    inputs.connectionTypes,
  );
  if (warning !== undefined) context.warn(warning);
  const isSameSink = before?.sinkOrgId === inputs.sinkOrgId;
  const needsPreviewChecks =
    context.getCheckMode() === "online" &&
    !(isSameSink && isStateOnlyChange(FIELDS, before, inputs)) &&
    !(context.ledger.hasStartedChanges && isCheckedByChange(context, before, inputs, hasDeleteBeforeReplace));
  // With deleteBeforeReplace, the existing connection of the pair may be deleted before the create. It belongs to this resource in
  // a forced replacement (--replace, taint), for which the engine passes empty olds and calls no diff. Otherwise, it may belong to
  // another resource that is being replaced. If the connection may be adopted, the adoption is reported.
  const existingMayBeDeletedFirst = hasDeleteBeforeReplace && !isAdopting(context, inputs);
  const previewFailures = needsPreviewChecks
    ? await runPreviewChecks(context, inputs, {
        // If the destination and the source organization are unchanged, an existing connection belongs to this resource. If the
        // source organization has changed, diff fails or replaces the resource. A replacement runs check again without old inputs.
        isUpdate: isSameSink,
        mayBeDeletedFirst: existingMayBeDeletedFirst,
        unconfigured: parseUnconfiguredSources(news[UNCONFIGURED_SOURCES]),
      })
    : [];
  if (previewFailures.length === 0) {
    context.ledger.declareCheckedPair(inputs.source, inputs.sinkOrgId, isSameSink ? before : undefined);
  }
  return { inputs, failures: previewFailures };
}

/** Whether normalized inputs are equal. The schema determines the order of their properties. */
function isUnchanged(before: Inputs | undefined, inputs: Inputs): boolean {
  return JSON.stringify(before) === JSON.stringify(inputs);
}

/**
 * Whether the create or update would find the same problems as the preview checks, before anything is deleted. A replacement may
 * delete the old connection first. Returns false if an existing connection may be adopted, because only the preview checks report
 * an adoption.
 */
function isCheckedByChange(
  context: OperationContext,
  before: Inputs | undefined,
  inputs: Inputs,
  hasDeleteBeforeReplace: boolean,
): boolean {
  if (isAdopting(context, inputs)) return false;
  if (!before) return !hasDeleteBeforeReplace;
  return before.sinkOrgId === inputs.sinkOrgId && before.source === inputs.source;
}
