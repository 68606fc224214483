import type { Types } from "../stack/resource-state.js";
import { isUntold, NOT_YET_KNOWN, toldOf, type Shown } from "../stack/told.js";
import type { RecordedChange } from "./change.js";
import { organizationOf, sourceOf, type Held, type UnreadableHeld } from "./held.js";
import type { Life } from "./lives.js";
import { NOT_TOLD, type Sharing } from "./sharing.js";

/** A connection that the program wants. */
export interface Wanted {
  sharing: Sharing;
  adopt: boolean;
  reason?: string | undefined;
  protect: boolean;
  /** A set whose destinations the preview does not tell: how many there are is not known. */
  isOpen: boolean;
  /** The source is known only in the `up`, which may lead to another organization. */
  isSourceUnknown?: boolean;
}

/** The connections that the program wants of a resource, by its checked inputs. */
export function wantedBy({ wanted, form }: Pick<Life, "wanted" | "form">): Wanted[] {
  if (!wanted) {
    const sharing = { source: {}, sink: {}, ...NOT_TOLD };
    return [{ adopt: false, protect: false, isOpen: form === "set", sharing }];
  }
  const { source, adopt, reason, connections, sinkOrgId, connectionTypes } = wanted.inputs;
  const one = (id: string | undefined, types: Types, isOpen = false): Wanted => ({
    adopt: adopt === true,
    reason: toldOf(reason),
    protect: wanted.protect,
    isOpen,
    // Of a secret the engine knows the value, and has compared it.
    isSourceUnknown: source === NOT_YET_KNOWN,
    sharing: { source: sourceOf({ source }), sink: organizationOf({ id }), ...types },
  });
  if (form === "single") return [one(sinkOrgId, connectionTypes)];
  // Whatever is no list of destinations may stand for any.
  if (connections === undefined || isUntold(connections)) return [one(undefined, NOT_TOLD, true)];
  return connections.map(({ sinkOrgId: sink, types }) => one(sink, types));
}

const PROPERTIES = ["source", "reason", "adopt", "exclusive"] as const;

/** What of a resource that stays changes without a request to Datadog. */
export function recordedChanges(
  { live, wanted, form }: Life,
  held: Held | UnreadableHeld | undefined,
): RecordedChange[] {
  if (!live || !wanted) return [];
  const changes = PROPERTIES.flatMap((property): RecordedChange[] => {
    const before = live.inputs[property];
    const after = wanted.inputs[property];
    // Whether one value that is not told differs from another, only the engine knows.
    if (before === after || (isUntold(before) && isUntold(after))) return [];
    return [{ property, before: worded(before), after: worded(after) }];
  });
  if (live.protect !== wanted.protect) {
    changes.push({ property: "protect", before: live.protect, after: wanted.protect });
  }
  const isUnmanaged = form === "single" && wanted.inputs.connectionTypes.openTypes === "left-to-datadog";
  if (held && held.isUnmanaged !== isUnmanaged) {
    const words = (left: boolean) => (left ? "left to Datadog" : "set by the program");
    changes.push({ property: "connectionTypes", before: words(held.isUnmanaged), after: words(isUnmanaged) });
  }
  return changes;
}

const worded = (value: Shown<string | boolean>): string | boolean | undefined =>
  isUntold(value) ? "(not told by the preview)" : value;
