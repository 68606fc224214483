import type { Change } from "../../changes/facts.js";
import { getOrganizationKey, subtract, type SharedData } from "../../changes/shared-data.js";
import type { AlikeKeys } from "./alike.js";

/**
 * Returns the keys of a change that stops or may stop sharing. The `effect` contains everything that the sentence about a group
 * mentions, except organizations and resources.
 */
export function getStopKeys(change: Change): AlikeKeys {
  const { kind, before, after, stops, because, isUnreadable, retainedBy, otherOwners } = change;
  const effect = [
    kind,
    stops,
    retainedBy !== undefined,
    before?.openTypes,
    kind === "replace" && before.connectionTypes,
    because,
    after?.openTypes,
    otherOwners !== undefined,
  ];
  const keys = getKeys(effect, before ?? after);
  // The destinations of unreadable changes are unknown. A common key groups the changes that have the same effect.
  return isUnreadable === true ? { ...keys, sink: "unreadable" } : keys;
}

/** Returns the keys of a change that starts or may start sharing. For `effect`, see {@link getStopKeys}. */
export function getStartKeys({ kind, after, addedTypes, starts }: Change): AlikeKeys {
  const isExtended = subtract(after?.connectionTypes ?? [], addedTypes).length > 0;
  return getKeys([kind, starts, after?.openTypes, isExtended], after);
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
