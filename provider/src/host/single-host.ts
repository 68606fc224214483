import * as lifecycle from "datadog-org-connections-core/index.js";
import { parseInputs, parseState, parseStateOrGet } from "datadog-org-connections-core/host/parse-state.js";
import {
  addProviderLine,
  hasProviderLine,
  parseFields,
  runHostCall,
  toCheckResult,
  type DynamicHost,
  type ProcessContext,
} from "./process-context.js";
import {
  INPUT_PROVIDER_LINE,
  OUTPUT_PROVIDER_LINE,
} from "datadog-org-connections-core/host/provider-lines.js";

/** Creates the host of single connections. */
export function createSingleHost(context: ProcessContext): DynamicHost {
  return {
    configure: (request) => context.configure(request),
    check: (olds, news) =>
      runHostCall("check", async () =>
        toCheckResult(await lifecycle.check(context, parseFields(olds), parseFields(news))),
      ),
    diff: (id, olds, news) =>
      runHostCall("diff", async () => {
        const compare = hasProviderLine(olds) ? lifecycle.diff : lifecycle.diffMoved;
        const difference = await compare(context, id, parseState(olds), parseInputs(news));
        if (difference.change !== "replace") return { changes: difference.change === "update" };
        return { changes: true, replaces: difference.replaces };
      }),
    create: (inputs) =>
      runHostCall("create", async () => {
        const { connectionId, state: outs } = await lifecycle.create(context, parseInputs(inputs));
        return { id: connectionId, outs: addProviderLine(outs, OUTPUT_PROVIDER_LINE) };
      }),
    read: (id, props) =>
      runHostCall("read", async () => {
        const result = await lifecycle.read(context, id, parseStateOrGet(props));
        if (!result) return { id: "", props: {} };
        return {
          id,
          props: addProviderLine(result.state, OUTPUT_PROVIDER_LINE),
          inputs: addProviderLine(result.inputs, INPUT_PROVIDER_LINE),
        };
      }),
    update: (id, olds, news) =>
      runHostCall("update", async () => ({
        outs: addProviderLine(
          await lifecycle.update(context, id, parseState(olds), parseInputs(news)),
          OUTPUT_PROVIDER_LINE,
        ),
      })),
    delete: (id, props) =>
      runHostCall("delete", () => lifecycle.deleteConnection(context, id, parseState(props))),
  };
}
