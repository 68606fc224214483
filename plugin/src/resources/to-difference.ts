import { isDeepStrictEqual } from "node:util";
import type { ChangeDetail } from "datadog-org-connections-core/connection/change-details.js";
import type { DiffResult } from "datadog-org-connections-core/connection/diff.js";
import type { Properties } from "../protocol/values.js";
import type { Difference } from "./resource-handler.js";

/** What a comparison of one resource is based on. */
interface Comparison {
  result: DiffResult;
  details: readonly ChangeDetail[];
  /** The inputs, according to the state. The details compare them with the inputs of the program. */
  stateInputs: Properties;
  /** The inputs of the last change or refresh. */
  oldInputs: Properties;
  /** The outputs that an update keeps. */
  stableOutputs: readonly string[];
}

/** Converts a comparison for the engine. */
export function toDifference({
  result,
  details,
  stateInputs,
  oldInputs,
  stableOutputs,
}: Comparison): Difference {
  const toChange = ({ path, kind, requiresReplacement }: ChangeDetail): Difference["detailed"][string] => ({
    kind: `${toKind(kind)}${requiresReplacement === true ? "_REPLACE" : ""}`,
    // After a change that failed in part, the old inputs are those of the program, and only the state shows what is missing.
    inputDiff: isDeepStrictEqual(findChanged(stateInputs, path), findChanged(oldInputs, path)),
  });
  return {
    changes: result.change !== "none",
    replaces: result.change === "replace" ? result.replaces : [],
    changedKeys: [...new Set(details.map(({ path }) => String(path[0])))],
    detailed: Object.fromEntries(details.map((detail) => [formatPath(detail.path), toChange(detail)])),
    stables: result.change === "update" ? stableOutputs : [],
    // Only the option `replaceOnChanges` turns an update into a replacement. Then both connections have the same pair, which the old
    // one must give up first.
    deleteBeforeReplace: result.change === "update",
  };
}

const toKind = (kind: ChangeDetail["kind"]) =>
  (({ add: "ADD", delete: "DELETE", update: "UPDATE" }) as const)[kind];

/** Finds the value that a detail belongs to: an input, or one destination of `connections`. Types are compared as a whole. */
function findChanged(inputs: Properties, [name, key]: ChangeDetail["path"]): unknown {
  const value = inputs[name as string];
  return typeof key === "string" ? (value as Properties | undefined)?.[key] : value;
}

/** Formats a path as the engine parses it (pulumi/pulumi, sdk/go/common/resource/property_path.go). */
function formatPath([name, ...keys]: ChangeDetail["path"]): string {
  const formatKey = (key: string | number) =>
    typeof key === "number" ? `[${key}]` : `["${key.replaceAll('"', '\\"')}"]`;
  return `${String(name)}${keys.map(formatKey).join("")}`;
}
