import { mayAdoptAndStopTypes, type Change } from "../../changes/change.js";
import { getOrganizationKey, isSamePair, subtract, type SharedData } from "../../changes/shared-data.js";
import type { AlikeKeys } from "./alike.js";

/**
 * Returns the keys of a change that stops or may stop sharing. The `effect` contains everything that the sentence about a group
 * mentions, except organizations and resources.
 */
export function getStopKeys(change: Change): AlikeKeys {
  const { kind, before, after, removedTypes, because, mayInterrupt, isUnreadable, retainedBy } = change;
  const { adoptionNotice, collision, otherOwners, deletedBy } = change;
  const effect = [
    kind,
    isUnreadable,
    retainedBy !== undefined,
    before?.openTypes,
    kind === "replace" && before?.connectionTypes,
    removedTypes,
    because,
    isSamePair(before, after),
    after?.openTypes,
    mayInterrupt,
    adoptionNotice?.removedTypes,
    collision?.removedTypes,
    collision?.mayRemoveTypes,
    mayAdoptAndStopTypes(change),
    otherOwners !== undefined,
    deletedBy !== undefined,
  ];
  const keys = getKeys(effect, before ?? after);
  // The destinations of unreadable changes are unknown. A common key groups the changes that have the same effect.
  return isUnreadable === true ? { ...keys, sink: "unreadable" } : keys;
}

/** Returns the keys of a change that starts or may start sharing. For `effect`, see {@link getStopKeys}. */
export function getStartKeys({
  kind,
  after,
  addedTypes,
  drift,
  adopt,
  collision,
  adoptionNotice,
}: Change): AlikeKeys {
  const isExtended = subtract(after?.connectionTypes ?? [], addedTypes).length > 0;
  const effect = [
    kind,
    addedTypes,
    after?.openTypes,
    isExtended,
    drift?.gone,
    kind === "create" && adopt,
    collision !== undefined,
    adoptionNotice !== undefined,
  ];
  return getKeys(effect, after);
}

/** Returns the keys of any other change. */
export function getOtherKeys({ kind, because, stateChanges, tool, before, after }: Change): AlikeKeys {
  const properties = kind === "state-only" ? stateChanges.map(({ property }) => property) : [];
  // The sentence about a release names the place: the state of Terraform, or the stack.
  return getKeys([kind, because, kind === "release" && tool, properties], before ?? after);
}

const getKeys = (effect: readonly unknown[], shared: SharedData | undefined): AlikeKeys => ({
  effect: JSON.stringify(effect),
  source: shared && getOrganizationKey(shared.source),
  sink: shared && getOrganizationKey(shared.sink),
});
