import * as lifecycle from "datadog-org-connections-core/index.js";
import { parseInputs, parseState, parseStateOrGet } from "datadog-org-connections-core/host/parse-state.js";
import type { PluginContext } from "../plugin-context.js";
import { toDifference } from "./to-difference.js";
import type { ResourceHandler } from "./resource-handler.js";

/** Creates the handler of single connections. */
export function createSingleHandler(context: PluginContext): ResourceHandler {
  return {
    check: ({ olds, news }) => lifecycle.check(context, olds, news),
    diff: async ({ id, olds, news }) =>
      toDifference(await lifecycle.diff(context, id, parseState(olds), parseInputs(news))),
    create: async ({ inputs, preview }) => {
      if (preview) return { id: "", properties: inputs };
      const { connectionId, state } = await lifecycle.create(context, parseInputs(inputs));
      return { id: connectionId, properties: state };
    },
    read: async ({ id, properties }) => {
      const result = await lifecycle.read(context, id, parseStateOrGet(properties));
      return result && { id, properties: result.state, inputs: result.inputs };
    },
    update: async ({ id, olds, news, preview }) => ({
      properties: preview
        ? { ...olds, ...news }
        : await lifecycle.update(context, id, parseState(olds), parseInputs(news)),
    }),
    delete: ({ id, properties }) => lifecycle.deleteConnection(context, id, parseState(properties)),
  };
}
