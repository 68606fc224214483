import type { ResourceState } from "./resource-state.js";
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
}

/** A message of the engine. */
export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  severity: string;
  message: string;
}

/** A parsed preview. */
export interface Preview {
  /** The stack. Left out if the preview does not name it. */
  stack?: { project: string; stack: string } | undefined;
  /** The steps of the resources that manage connections. */
  steps: PreviewStep[];
  /** Whether it shows resources that do not change. */
  showsUnchanged: boolean;
  /** The stack's configuration by complete key. Secrets are `[secret]`, structured values are JSON text. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
}
