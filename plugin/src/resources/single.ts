import * as lifecycle from "datadog-org-connections-core/index.js";
import { listStable } from "datadog-org-connections-core/connection/field.js";
import { deriveInputs, FIELDS } from "datadog-org-connections-core/connection/fields.js";
import { parseInputs, parseState, parseStateOrGet } from "datadog-org-connections-core/host/parse-state.js";
import { hasNoState, readNewConnection } from "./import.js";
import { declareConnection } from "./program-resources.js";
import { toDifference, type HandlerOptions, type ResourceHandler } from "./resource-handler.js";

/** The outputs that an update keeps. */
const STABLE_OUTPUTS = ["id", ...listStable(FIELDS)];

/** Creates the handler of single connections. */
export function createSingleHandler({ context, registrations }: HandlerOptions): ResourceHandler {
  return {
    check: async ({ urn, olds, news }) => {
      context.ledger.recordCheck(urn, olds);
      const conflicts = declareConnection(context, urn, news);
      if (conflicts.length > 0) return { failures: conflicts };
      const { inputs, failures } = await registrations.run(() => lifecycle.check(context, olds, news));
      return { inputs: inputs && lifecycle.markUnknowns(inputs, news), failures };
    },
    diff: async ({ urn, id, olds, oldInputs, news }) => {
      const state = parseState(olds);
      const inputs = parseInputs(news);
      const result = await registrations.run(() => lifecycle.diff(context, id, state, inputs));
      if (result.change !== "replace") context.ledger.recordDiff(urn, [id]);
      return toDifference({
        result,
        details: lifecycle.explainDiff(state, inputs, result),
        stateInputs: { ...deriveInputs(state) },
        oldInputs,
        // An unknown source may turn out to be another organization, which is a replacement.
        stableOutputs: inputs.source === lifecycle.UNKNOWN ? [] : STABLE_OUTPUTS,
      });
    },
    create: async ({ inputs, preview }) => {
      if (preview) {
        const { connectionId = "", state } = await lifecycle.planCreate(context, parseInputs(inputs));
        return { id: connectionId, properties: lifecycle.markUnknowns(state, inputs) };
      }
      const { connectionId, state } = await lifecycle.create(context, parseInputs(inputs));
      return { id: connectionId, properties: state };
    },
    read: async ({ id, properties, inputs }) => {
      if (hasNoState({ properties, inputs }))
        return readNewConnection(context, id, properties, { isGet: inputs !== undefined });
      const result = await lifecycle.read(context, id, parseStateOrGet(properties));
      return result && { id, properties: result.state, inputs: result.inputs };
    },
    update: async ({ id, olds, news, preview }) => ({
      properties: preview
        ? lifecycle.markUnknowns(lifecycle.planUpdate(id, parseState(olds), parseInputs(news)), news)
        : await lifecycle.update(context, id, parseState(olds), parseInputs(news)),
    }),
    delete: async ({ urn, id, properties }) => {
      const state = parseState(properties);
      context.ledger.release(urn, [id]);
      await lifecycle.deleteConnection(context, id, state);
    },
  };
}
