import { definedOnly } from "datadog-org-connections-core/connection/records.js";
import { isUntold } from "../stack/told.js";
import type { RecordedChange } from "./change.js";
import type { Fate } from "./fates.js";

const PROPERTIES = ["source", "reason", "adopt", "exclusive"] as const;

/** What of a resource that stays changes without a request to Datadog. */
export function recordedChanges({ life: { live, wanted, form }, held }: Fate): RecordedChange[] {
  if (!live || !wanted) return [];
  const changes = PROPERTIES.flatMap((property) => {
    const [before, after] = [told(live.inputs[property]), told(wanted.inputs[property])];
    return before === after ? [] : [definedOnly<RecordedChange>({ property, before, after })];
  });
  if (live.protect !== wanted.protect) {
    changes.push({ property: "protect", before: live.protect, after: wanted.protect });
  }
  const isUnmanaged = form === "single" && wanted.inputs["connectionTypes"] === undefined;
  if (held && held.isUnmanaged !== isUnmanaged) {
    const words = (left: boolean) => (left ? "left to Datadog" : "set by the program");
    changes.push({ property: "connectionTypes", before: words(held.isUnmanaged), after: words(isUnmanaged) });
  }
  return changes;
}

function told(value: unknown): string | boolean | undefined {
  if (isUntold(value)) return "(not told by the preview)";
  return typeof value === "string" || typeof value === "boolean" ? value : undefined;
}
