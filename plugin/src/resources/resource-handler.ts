import { isDeepStrictEqual } from "node:util";
import type { ChangeDetail } from "datadog-org-connections-core/connection/field.js";
import type { DiffResult } from "datadog-org-connections-core/connection/diff.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";
import type { Registrations } from "./program-resources.js";

/** The kind of a change of one property: the names of `PropertyDiff.Kind` in pulumi/pulumi, proto/pulumi/provider.proto. */
type ChangeKind = "ADD" | "DELETE" | "UPDATE" | "ADD_REPLACE" | "DELETE_REPLACE" | "UPDATE_REPLACE";

/** The change of one property. */
interface PropertyChange {
  kind: ChangeKind;
  /** Whether the engine takes the old value from the old inputs; otherwise, from the state. */
  inputDiff: boolean;
}

/** The difference between a state and the inputs of the program. */
export interface Difference {
  changes: boolean;
  /** The properties that require a replacement. */
  replaces: readonly string[];
  /** The properties that change, without what is inside them. */
  changedKeys: readonly string[];
  /** Each change, by the path of the property: `connections["4dee724d-…"][0]`. */
  detailed: Readonly<Record<string, PropertyChange>>;
  /** Properties that the change certainly keeps. */
  stables: readonly string[];
  /** Whether a replacement deletes the old connection first, unless the program says otherwise. */
  deleteBeforeReplace: boolean;
}

/** A live resource, and the inputs that declare it. */
export interface ReadResult {
  /** In an import, the program may give another ID, such as `SOURCE/DESTINATION_UUID`. */
  id: string;
  properties: object;
  inputs: object;
}

/** What the handlers of one process share. */
export interface HandlerOptions {
  context: PluginContext;
  registrations: Registrations;
}

/** The lifecycle of one type of resource. The properties of requests are not parsed yet. */
export interface ResourceHandler {
  check(request: {
    urn: string;
    olds: Properties;
    news: Properties;
  }): Promise<{ inputs?: object | undefined; failures: readonly CheckFailure[] }>;
  /** `olds` is the state. */
  diff(request: {
    urn: string;
    id: string;
    olds: Properties;
    oldInputs: Properties;
    news: Properties;
    /** The property paths in the resource option of that name. The engine has replaced their inputs by the old ones. */
    ignoreChanges: readonly string[];
  }): Promise<Difference>;
  create(request: {
    urn: string;
    inputs: Properties;
    preview: boolean;
  }): Promise<{ id: string; properties: object }>;
  /**
   * Returns undefined if the resource is gone. In an import, `properties` is empty and `inputs` is undefined. In a `get`, both are what
   * the program passes.
   */
  read(request: {
    urn: string;
    id: string;
    properties: Properties;
    inputs: Properties | undefined;
  }): Promise<ReadResult | undefined>;
  update(request: {
    urn: string;
    id: string;
    olds: Properties;
    news: Properties;
    ignoreChanges: readonly string[];
    preview: boolean;
  }): Promise<{ properties: object }>;
  delete(request: { urn: string; id: string; properties: Properties }): Promise<void>;
}

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
