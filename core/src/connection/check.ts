import { isAdopting } from "./existing.js";
import { formatUnfamiliarTypes, normalizeInputs, normalizeSavedInputs } from "./inputs.js";
import { addErrorCode, type ParsedInputs } from "./input-schemas.js";
import { runPreviewChecks } from "./preview-checks.js";
import type { Inputs } from "./types.js";
import { parseUnconfiguredSources, UNCONFIGURED_SOURCES } from "./unconfigured-sources.js";
import { formatPairKey, type OperationContext } from "../operation/operation-context.js";

/**
 * The internal input with which the constructor reports that the resource option `deleteBeforeReplace` is set. The engine
 * does not pass the option to check. The input is not stored in the state.
 */
export const DELETE_BEFORE_REPLACE = "__deleteBeforeReplace";

/**
 * The internal input with which the constructor reports that the resource option `dependsOn` includes, or may include, a resource
 * that is not of this package. The input is not stored in the state.
 */
export const DEPENDS_ON_OTHERS = "__dependsOnOthers";

/**
 * Whether, according to the internal inputs, another provider may delete the connection of the pair before this resource adopts it.
 * With `deleteBeforeReplace`, that is the provider from which an alias moves this resource. With `dependsOn`, it is the provider of the
 * dependency. See `needsNewListingToAdopt` of the operation context.
 */
export const canOthersDeleteFirst = (news: Readonly<Record<string, unknown>>): boolean =>
  news[DELETE_BEFORE_REPLACE] === true || news[DEPENDS_ON_OTHERS] === true;

/**
 * Normalizes and validates the inputs of one connection. It runs in a preview and again in the update that follows, and the
 * engine does not say which of the two it is. Only the plugin receives the resource's URN, so this function does not get it. An
 * unchanged resource needs no credentials and no request.
 */
export async function check(
  context: OperationContext,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Promise<ParsedInputs<Inputs>> {
  const { inputs, failures: parseFailures } = normalizeInputs(news);
  const failures = addErrorCode(parseFailures);
  const before = normalizeSavedInputs(olds).inputs;
  if (inputs) context.declaredSources.add(inputs.source);
  // The old pair is included, because its connection may still exist when another resource declares the pair.
  if (before) addPair(context, before.source, before.sinkOrgId);
  if (!inputs || failures.length > 0 || isSameInputs(before, inputs)) return { inputs, failures };
  const hasDeleteBeforeReplace = news[DELETE_BEFORE_REPLACE] === true;
  if (canOthersDeleteFirst(news)) context.needsNewListingToAdopt = true;
  const warning = formatUnfamiliarTypes(`connectionTypes to ${inputs.sinkOrgId}`, inputs.connectionTypes);
  if (warning !== undefined) context.warn(warning);
  const isSameSink = before?.sinkOrgId === inputs.sinkOrgId;
  const needsPreviewChecks =
    context.getCheckMode() === "online" &&
    !(isSameSink && isStateOnlyChange(before, inputs)) &&
    !(context.hasStartedChanges && isCheckedByChange(context, before, inputs, hasDeleteBeforeReplace));
  // With deleteBeforeReplace, the existing connection of the pair may be deleted before this create. It is this resource's own if
  // the replacement is forced (--replace, taint), for which the engine passes empty olds and does not call diff. Otherwise, it
  // belongs to another resource that is replaced too.
  const existingMayBeDeletedFirst = hasDeleteBeforeReplace && !isAdopting(context, inputs);
  // With an unchanged destination, an existing connection is this resource's own. That is not so if `source` is another
  // organization now, but then diff replaces the resource, and the check runs again without old inputs, or diff fails.
  const previewFailures = needsPreviewChecks
    ? await runPreviewChecks(context, inputs, {
        isUpdate: isSameSink,
        mayBeDeletedFirst: existingMayBeDeletedFirst,
        unconfigured: parseUnconfiguredSources(news[UNCONFIGURED_SOURCES]),
      })
    : [];
  if (previewFailures.length === 0) {
    addNewPair(context, inputs.source, inputs.sinkOrgId, isSameSink ? before : undefined);
  }
  return { inputs, failures: previewFailures };
}

/**
 * Adds a pair that the program declares or has declared.
 *
 * @param options - `isOwn`: whether its existing connection may be this program's (see `ownPairs`). @default true
 */
export function addPair(
  { declaredPairs, ownPairs }: OperationContext,
  source: string | undefined,
  sinkOrgId: string,
  { isOwn = true }: { isOwn?: boolean } = {},
): void {
  const key = formatPairKey(source, sinkOrgId);
  declaredPairs.add(key);
  if (isOwn) ownPairs.add(key);
}

/**
 * Adds the pair of checked inputs. With a new `source` and the same destination, it is not added to `ownPairs`: the source may be another
 * organization, and the preview checks report no existing connection to an unchanged destination. If it is another organization, diff
 * replaces the resource. Then check runs again, reports such a connection, and adds the pair.
 *
 * @param before - the old inputs, if they have this destination
 */
export function addNewPair(
  context: OperationContext,
  source: string | undefined,
  sinkOrgId: string,
  before: { source?: string | undefined } | undefined,
): void {
  const mayBeOtherOrganization = before !== undefined && before.source !== source;
  addPair(context, source, sinkOrgId, { isOwn: !mayBeOtherOrganization });
}

function isSameInputs(a: Inputs | undefined, b: Inputs): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Whether the create or update itself finds the same problems, before anything is lost. That is not certain for a replacement, because
 * the old connection may be deleted first. If an existing connection may be adopted, the result is false, because
 * only the preview checks report an adoption.
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

/** Whether the change needs no request, if the destination is the same: only `adopt` or `reason` changed. */
function isStateOnlyChange(a: Inputs, b: Inputs): boolean {
  const getRequestInputs = ({ source, connectionTypes }: Inputs) => JSON.stringify([source, connectionTypes]);
  return getRequestInputs(a) === getRequestInputs(b);
}
