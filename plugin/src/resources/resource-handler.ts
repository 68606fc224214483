import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";
import type { Registrations } from "./registrations.js";

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
