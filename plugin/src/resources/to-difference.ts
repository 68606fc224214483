import type { DiffResult } from "datadog-org-connections-core/connection/diff.js";
import type { Difference } from "./resource-handler.js";

/** Converts the result of a comparison. */
export function toDifference(result: DiffResult): Difference {
  return {
    changes: result.change !== "none",
    replaces: result.change === "replace" ? result.replaces : [],
    detailed: {},
  };
}
