import type { ResourceState, StateResource } from "./resource-state.js";
import type { ResourceRef } from "./resources.js";

/** One step of a preview or a plan, for a resource that manages connections. */
export interface PreviewStep {
  /**
   * The operation, as Pulumi's engine names it. If `isImport` is set, the operation is `update`, or `replace` in a plan that also
   * replaces the imported connection.
   */
  op: string;
  resource: ResourceRef;
  /** The address in the state, if the resource is renamed or moved. */
  formerAddress?: string | undefined;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** Where the program creates the resource. Left out if unknown, and for a plan. */
  position?: SourcePosition | undefined;
  /** Whether the step belongs to the refresh. In a preview, left out if unknown. In a plan, left out if false. */
  isRefresh?: boolean | undefined;
  /**
   * Set if the step imports an existing connection. Then, `old` is what the preview or plan shows of the imported connection. In a
   * preview, `isImport` is left out if the ID is unknown or if the import replaces a resource.
   */
  isImport?: true | undefined;
  /** Set if an alias turns the resource into one that manages no connection. Then, the operation is `delete`. */
  becomesOtherType?: true | undefined;
}

/** A place in the program. */
export interface SourcePosition {
  /** The path of the file relative to the folder of the project, with forward slashes. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** What a state or a preview shows of a provider resource. */
export interface ProviderFacts {
  urn: string;
  /**
   * Whether the engine created the provider from the stack's configuration. A provider of a program may have the same name, but it
   * has a parent: the stack or another resource.
   */
  isOfStack: boolean;
  /** Whether its own setting disables, or may disable, the preview checks. */
  isUnchecked: boolean;
  /**
   * Whether its arguments contain credentials for its default organization. Without them, its environment variables decide, and the
   * option `envVarMappings`, which neither a preview nor a state shows.
   */
  hasCredentials: boolean;
}

/** A message of Pulumi's engine, or a message of this package about a plan that failed. */
export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  severity: string;
  message: string;
}

/** A preview of Pulumi, or a plan of Terraform or OpenTofu. */
export interface Preview {
  kind: "preview" | "plan";
  /** The stack, as `project/stack`. For a plan, and for a preview without steps of any resource, the name of the input. */
  location: string;
  /** The stack of a preview. Left out if the preview does not name its stack, and for a plan. */
  stack?: { project: string; stack: string } | undefined;
  /** The steps of the resources that manage connections. */
  steps: PreviewStep[];
  /** The URNs of the provider resources that change. The change may select another organization. Left out for a plan. */
  changedProviders?: string[];
  /** The provider resources that the preview shows, with what the program declares. Left out for a plan. */
  providers?: ProviderFacts[];
  /**
   * Set for a digest: the output of `pulumi preview --json` as one object. It hides unchanged resources, unchanged providers and
   * leftovers of interrupted replacements. The engine's events show them.
   */
  isDigest?: true | undefined;
  /** Set for a digest that may hide leftovers of interrupted replacements, which the `up` deletes. */
  hidesLeftovers?: true | undefined;
  /** Whether the input shows all unchanged resources, or shows that none exist. */
  showsUnchanged: boolean;
  /** The stack's configuration by full key. Secrets are `[secret]`, and structured values are JSON strings. Empty for a plan. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
  /**
   * The resources that manage connections in the prior state of a plan. The prior state is after the refresh, if any, and before
   * the changes. Left out for a preview.
   */
  state?: StateResource[];
  /** What a reader of the report should know about the preview or the plan. */
  notes: string[];
}
