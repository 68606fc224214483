import * as lifecycle from "datadog-org-connections-core/index.js";
import {
  parsePlannedSetInputs,
  parseSetInputs,
  parseSetState,
} from "datadog-org-connections-core/host/parse-state.js";
import type { PluginContext } from "../plugin-context.js";
import { formatError, PartialChange } from "../protocol/errors.js";
import type { Properties } from "../protocol/values.js";
import type { ResourceHandler } from "./resource-handler.js";
import { toDifference } from "./to-difference.js";

/** Creates the handler of sets. */
export function createSetHandler(context: PluginContext): ResourceHandler {
  return {
    check: ({ olds, news }) => lifecycle.checkSet(context, olds, news),
    diff: async ({ olds, news }) =>
      toDifference(await lifecycle.diffSet(context, parseSetState(olds), parsePlannedSetInputs(news))),
    create: async ({ inputs, preview }) => {
      if (preview) return { id: "", properties: inputs };
      const properties = await runPartialChange(inputs, () =>
        lifecycle.syncSet(context, undefined, parseSetInputs(inputs)),
      );
      return { id: properties.sourceOrgId, properties };
    },
    read: async ({ id, properties }) => {
      const result = await lifecycle.readSet(context, parseSetState(properties));
      return { id, properties: result.state, inputs: result.inputs };
    },
    update: async ({ olds, news, preview }) => ({
      properties: preview
        ? { ...olds, ...news }
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
