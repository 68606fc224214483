/**
 * What the simulated engine calls: the methods of a provider process. The dynamic host and the plugin implement them, so
 * that the same histories prove both.
 */
import { DELETE_BEFORE_REPLACE } from "../../core/src/connection/check.js";
import type { DynamicHost } from "../../provider/src/host/dynamic.js";
import type { ProcessContext } from "../../provider/src/host/process-context.js";
import { OUTPUT_PROVIDER_LINE, SET_OUTPUT_PROVIDER_LINE } from "../../core/src/host/provider-lines.js";
import { createSetHost } from "../../provider/src/host/set-host.js";
import { createSingleHost } from "../../provider/src/host/single-host.js";
import type { TestOperationContext } from "./operation-context.js";
import { isSetState, type SavedResource } from "./saved-resource.js";

/** The resource of a call. */
export interface Resource {
  name: string;
  isSet: boolean;
}

/** The response to a check. */
interface CheckResponse {
  inputs?: unknown;
  failures?: readonly { reason: string }[];
}

/** The response to a diff. */
export interface DiffResponse {
  changes?: boolean;
  replaces?: readonly string[];
  /** Whether the provider demands that a replacement deletes the old resource first. */
  deleteBeforeReplace?: boolean;
}

/**
 * The provider process of one operation. An error of create or update with `id`, `properties` and `reasons` means that the
 * change was applied in part.
 */
export interface ProviderHost {
  /** Whether the engine calls create and update in previews too. */
  readonly isCalledInPreviews: boolean;
  /** Returns the inputs that the constructor of a program adds for a resource with `deleteBeforeReplace`. */
  getInputsOfDeleteBeforeReplace(): object;
  check(resource: Resource, olds: object, news: object): Promise<CheckResponse>;
  diff(resource: Resource, saved: SavedResource, inputs: object): Promise<DiffResponse>;
  create(resource: Resource, inputs: object, preview: boolean): Promise<{ id: string; outputs: unknown }>;
  /** Returns undefined if the resource is gone. */
  read(resource: Resource, saved: SavedResource): Promise<{ inputs: unknown; outputs: unknown } | undefined>;
  update(resource: Resource, saved: SavedResource, inputs: object, preview: boolean): Promise<unknown>;
  delete(resource: Resource, saved: SavedResource): Promise<void>;
  /** Ends the process, after the calls that it still handles. */
  close(): Promise<void>;
}

/** Opens the provider process of an operation. */
export type HostOpener = (context: TestOperationContext) => Promise<ProviderHost>;

/** Opens the dynamic host. */
export function openDynamicHost(context: TestOperationContext): ProviderHost {
  const process: ProcessContext = Object.assign(context, { configure: () => Promise.resolve() });
  const getHost = ({ isSet }: Resource): DynamicHost =>
    isSet ? createSetHost(process) : createSingleHost(process);
  return {
    isCalledInPreviews: false,
    // The engine does not pass the option to check, so the constructor reports it.
    getInputsOfDeleteBeforeReplace: () => ({ [DELETE_BEFORE_REPLACE]: true }),
    check: (resource, olds, news) => getHost(resource).check(olds, news) as Promise<CheckResponse>,
    diff: (resource, saved, inputs) => getHost(resource).diff(saved.id, addProviderLine(saved), inputs),
    create: async (resource, inputs) => {
      const created: { id: string; outs?: unknown } = await getHost(resource).create(inputs);
      return { id: created.id, outputs: created.outs };
    },
    read: async (resource, { id, outputs }) => {
      const response: { id?: string; inputs?: unknown; props?: unknown } = await getHost(resource).read(
        id,
        outputs,
      );
      return response.id === "" ? undefined : { inputs: response.inputs, outputs: response.props };
    },
    update: async (resource, { id, outputs }, inputs) => {
      const updated: { outs?: unknown } = await getHost(resource).update(id, outputs, inputs);
      return updated.outs;
    },
    delete: (resource, { id, outputs }) => getHost(resource).delete(id, outputs),
    close: () => Promise.resolve(),
  };
}

/** The outputs as the engine passes them to diff. Without the line, diff treats them as the state of another provider. */
const addProviderLine = ({ outputs, isOfficial }: SavedResource): object => ({
  ...outputs,
  ...(!isOfficial && { __provider: isSetState(outputs) ? SET_OUTPUT_PROVIDER_LINE : OUTPUT_PROVIDER_LINE }),
});
