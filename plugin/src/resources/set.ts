import * as lifecycle from "datadog-org-connections-core/index.js";
import {
  parsePlannedSetInputs,
  parseSetInputs,
  parseSetState,
} from "datadog-org-connections-core/host/parse-state.js";
import type { PluginContext } from "../plugin-context.js";
import { formatError, PartialChange } from "../protocol/errors.js";
import type { Properties } from "../protocol/values.js";
import { hasNoState, readNewSet } from "./import.js";
import type { ResourceHandler } from "./resource-handler.js";
import { toDifference } from "./to-difference.js";

/** The outputs that an update keeps. The organization is also the ID of the set. */
const STABLE_OUTPUTS = ["id", "sourceOrgId"];

/** Creates the handler of sets. */
export function createSetHandler(context: PluginContext): ResourceHandler {
  return {
    check: async ({ olds, news }) => {
      const { inputs, failures } = await lifecycle.checkSet(context, olds, news);
      return { inputs: inputs && lifecycle.markUnknowns(inputs, news), failures };
    },
    diff: async ({ olds, oldInputs, news }) => {
      const state = parseSetState(olds);
      const inputs = parsePlannedSetInputs(news);
      const comparison = await lifecycle.compareSet(context, state, inputs);
      return toDifference({
        result: comparison.result,
        details: lifecycle.explainSetDiff(state, inputs, comparison),
        stateInputs: { ...state },
        oldInputs,
        // An unknown source may turn out to be another organization, which is a replacement.
        stableOutputs: inputs.source === lifecycle.UNKNOWN ? [] : STABLE_OUTPUTS,
      });
    },
    create: async ({ inputs, preview }) => {
      if (preview) {
        const state = await lifecycle.planSet(context, undefined, parsePlannedSetInputs(inputs));
        const id = state.sourceOrgId === lifecycle.UNKNOWN ? "" : state.sourceOrgId;
        return { id, properties: lifecycle.markUnknowns(state, inputs) };
      }
      const properties = await runPartialChange(inputs, () =>
        lifecycle.syncSet(context, undefined, parseSetInputs(inputs)),
      );
      return { id: properties.sourceOrgId, properties };
    },
    read: async ({ id, properties, inputs }) => {
      if (hasNoState({ properties, inputs })) return readNewSet(context, id);
      const result = await lifecycle.readSet(context, parseSetState(properties));
      return { id, properties: result.state, inputs: result.inputs };
    },
    update: async ({ olds, news, preview }) => ({
      properties: preview
        ? lifecycle.markUnknowns(
            await lifecycle.planSet(context, parseSetState(olds), parsePlannedSetInputs(news)),
            news,
          )
        : await runPartialChange(news, () =>
            lifecycle.syncSet(context, parseSetState(olds), parseSetInputs(news)),
          ),
    }),
    delete: ({ properties }) => lifecycle.deleteSet(context, parseSetState(properties)),
  };
}

/** Runs a create or update that may fail in part. */
async function runPartialChange(
  inputs: Properties,
  work: () => Promise<lifecycle.SetState>,
): Promise<lifecycle.SetState> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof lifecycle.PartialFailure)) throw error;
    const { state, reasons, message } = error;
    throw new PartialChange(message, {
      id: state.sourceOrgId,
      properties: { ...state },
      inputs,
      reasons: reasons.map(formatError),
    });
  }
}
