import type { ResourceState, StateResource } from "./resource-state.js";
import type { ResourceRef } from "./resources.js";
import type { SourcePosition } from "./source-position.js";

/** One step of a preview or a plan, for a resource that manages connections. */
export interface PreviewStep {
  /** The name of the operation, as Pulumi's engine names it. */
  op: string;
  resource: ResourceRef;
  /** The address of the resource in the state, if it is another one, because the resource was renamed or moved. */
  formerAddress?: string | undefined;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** Where the program creates the resource, if the preview shows it. */
  position?: SourcePosition | undefined;
  /** Whether the step belongs to the refresh. Left out if the format of the preview does not show that. */
  isRefresh?: boolean | undefined;
  /** The step takes an existing connection, `old`, into the state. */
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
  /** Where its resources are managed: the stack, as `project/stack`, or the name of the file of a plan. */
  location: string;
  /** The stack. Left out if the preview does not name it. */
  stack?: { project: string; stack: string } | undefined;
  /** The steps of the resources that manage connections. */
  steps: PreviewStep[];
  /** The URNs of the provider resources that change, so they may lead to other organizations. A plan does not show that. */
  changedProviders?: string[];
  /** Whether it shows resources that do not change. */
  showsUnchanged: boolean;
  /** The stack's configuration by complete key. Secrets are `[secret]`, structured values are JSON text. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
  /** The resources before the plan. A preview does not contain them. */
  state?: StateResource[];
  /** What the reader should know about the preview or the plan. */
  notes: string[];
}
