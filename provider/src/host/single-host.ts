import * as lifecycle from "datadog-org-connections-core/index.js";
import { parseFields, parseInputs, parseState, parseViewState } from "./parse-state.js";
import { checkResult, guarded, type DynamicHost, type ProcessWorld } from "./process-world.js";
import { INPUT_LINE, OUTPUT_LINE, withLine } from "./provider-lines.js";

/** The host of single connections. */
export function singleHost(world: ProcessWorld): DynamicHost {
  return {
    configure: (request) => world.configure(request),
    check: (olds, news) =>
      guarded("check", async () =>
        checkResult(await lifecycle.check(world, parseFields(olds), parseFields(news))),
      ),
    diff: (id, olds, news) =>
      guarded("diff", async () => {
        const difference = await lifecycle.diff(world, id, parseState(olds), parseInputs(news));
        if (difference.change !== "replace") return { changes: difference.change === "update" };
        return { changes: true, replaces: difference.because };
      }),
    create: (inputs) =>
      guarded("create", async () => {
        const { connectionId, recorded: outs } = await lifecycle.create(world, parseInputs(inputs));
        return { id: connectionId, outs: withLine(outs, OUTPUT_LINE) };
      }),
    read: (id, props) =>
      guarded("read", async () => {
        const seen = await lifecycle.read(world, id, parseViewState(props));
        if (!seen) return { id: "", props: {} };
        return { id, props: withLine(seen.recorded, OUTPUT_LINE), inputs: withLine(seen.wanted, INPUT_LINE) };
      }),
    update: (id, olds, news) =>
      guarded("update", async () => ({
        outs: withLine(await lifecycle.update(world, id, parseState(olds), parseInputs(news)), OUTPUT_LINE),
      })),
    delete: (id, props) => guarded("delete", () => lifecycle.remove(world, id, parseState(props))),
  };
}
