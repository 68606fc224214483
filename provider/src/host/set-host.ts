import * as lifecycle from "datadog-org-connections-core/index.js";
import { PartialFailure } from "datadog-org-connections-core/index.js";
import {
  parsePlannedSetInputs,
  parseSetInputs,
  parseSetState,
} from "datadog-org-connections-core/host/parse-state.js";
import {
  addProviderLine,
  hasProviderLine,
  parseFields,
  runHostCall,
  toCheckResult,
  toPrintableError,
  type DynamicHost,
  type ProcessContext,
} from "./process-context.js";
import {
  SET_INPUT_PROVIDER_LINE,
  SET_OUTPUT_PROVIDER_LINE,
} from "datadog-org-connections-core/host/provider-lines.js";

/** Creates the host of sets. */
export function createSetHost(context: ProcessContext): DynamicHost {
  return {
    configure: (request) => context.configure(request),
    check: (olds, news) =>
      runHostCall("check", async () =>
        toCheckResult(await lifecycle.checkSet(context, parseFields(olds), parseFields(news))),
      ),
    diff: (_, olds, news) =>
      runHostCall("diff", async () => {
        const difference = await lifecycle.diffSet(context, parseSetState(olds), parsePlannedSetInputs(news));
        if (difference.change === "replace") return { changes: true, replaces: difference.replaces };
        // Only an update adds a missing provider line to the state. A refresh needs the line.
        return { changes: difference.change === "update" || !hasProviderLine(olds) };
      }),
    create: (inputs) =>
      runPartialChange(async () => {
        const outs = await lifecycle.syncSet(context, undefined, parseSetInputs(inputs));
        return { id: outs.sourceOrgId, outs: addProviderLine(outs, SET_OUTPUT_PROVIDER_LINE) };
      }),
    read: (id, props) =>
      runHostCall("read", async () => {
        const result = await lifecycle.readSet(context, parseSetState(props));
        return {
          id,
          props: addProviderLine(result.state, SET_OUTPUT_PROVIDER_LINE),
          inputs: addProviderLine(result.inputs, SET_INPUT_PROVIDER_LINE),
        };
      }),
    update: (_, olds, news) =>
      runPartialChange(async () => ({
        outs: addProviderLine(
          await lifecycle.syncSet(context, parseSetState(olds), parseSetInputs(news)),
          SET_OUTPUT_PROVIDER_LINE,
        ),
      })),
    delete: (_, props) => runHostCall("delete", () => lifecycle.deleteSet(context, parseSetState(props))),
  };
}

/**
 * Runs a create or update that may fail in part. For an error with `id`, `properties` and `reasons`, the engine keeps the
 * properties as the state, shows the reasons, and the operation fails (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider).
 */
function runPartialChange<T>(work: () => Promise<T>): Promise<T> {
  return runHostCall("change", async () => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const { state } = error;
      const reasons = error.reasons.map((reason) => toPrintableError(reason, "change").message);
      const properties = addProviderLine(state, SET_OUTPUT_PROVIDER_LINE);
      throw Object.assign(new Error(error.message), { id: state.sourceOrgId, properties, reasons });
    }
  });
}
