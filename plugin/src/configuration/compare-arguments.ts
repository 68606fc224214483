import type { Properties } from "../protocol/values.js";
import type { Difference } from "../resources/resource-handler.js";
import { isSameArgument } from "./arguments.js";

/**
 * Compares the arguments of a provider. A changed argument never replaces the provider, which would replace all its resources:
 * new keys, another address or a new version lead to the same connections. An older state may contain an object with keys,
 * which is JSON text now.
 */
export function compareArguments(olds: Properties, news: Properties): Difference {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = names.filter((name) => !isSameArgument(olds[name], news[name]));
  return {
    changes: changed.length > 0,
    replaces: [],
    changedKeys: changed,
    detailed: Object.fromEntries(
      changed.map((name) => [name, { kind: getKind(olds[name], news[name]), inputDiff: true }]),
    ),
    stables: [],
    deleteBeforeReplace: false,
  };
}

function getKind(before: unknown, after: unknown): "ADD" | "DELETE" | "UPDATE" {
  if (before === undefined) return "ADD";
  return after === undefined ? "DELETE" : "UPDATE";
}
