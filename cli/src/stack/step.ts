import type { ResourceState, StateResource } from "./resource-state.js";
import type { ResourceRef } from "./resources.js";
import type { SourcePosition } from "./source-position.js";

/** One step of a preview or a plan, for a resource that manages connections. */
export interface PreviewStep {
  /**
   * The operation, in the words of Pulumi's engine. An import of a known ID is an `update`. An import that replaces a resource has the
   * engine's operation; a plan that replaces what it imports has a `replace`.
   */
  op: string;
  resource: ResourceRef;
  /** The address of the resource in the state, if it is another one, because the resource was renamed or moved. */
  formerAddress?: string | undefined;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** Where the program creates the resource, if the preview shows it. */
  position?: SourcePosition | undefined;
  /** Whether the step belongs to the refresh. Left out if the format of the preview does not show that, and for the changes of a plan. */
  isRefresh?: boolean | undefined;
  /**
   * The step imports an existing connection, which is `old` as far as it is known. In a preview, left out if the ID is unknown, and if the
   * import replaces a resource.
   */
  isImport?: true | undefined;
}

/** A message of the engine. */
export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  severity: string;
  message: string;
}

/** A preview of Pulumi, or a plan of Terraform or OpenTofu. */
export interface Preview {
  kind: "preview" | "plan";
  /** Where its resources are managed: the stack, as `project/stack`. Otherwise the name of the input: of a plan, or of a preview without steps. */
  location: string;
  /** The stack. Left out if the preview does not name it. */
  stack?: { project: string; stack: string } | undefined;
  /** The steps of the resources that manage connections. */
  steps: PreviewStep[];
  /** The URNs of the provider resources that change, so they may lead to other organizations. A plan does not show that. */
  changedProviders?: string[];
  /** The URNs of the provider resources that may run no preview checks, as far as the preview shows their setting `checks`. */
  uncheckedProviders?: string[];
  /** Whether it shows the resources that do not change, or shows that there are none. */
  showsUnchanged: boolean;
  /** The stack's configuration by complete key. Secrets are `[secret]`, structured values are JSON text. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
  /** The resources before the changes of the plan, as its refresh found them. A preview does not contain them. */
  state?: StateResource[];
  /** What the reader should know about the preview or the plan. */
  notes: string[];
}
