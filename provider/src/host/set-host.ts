import * as lifecycle from "datadog-org-connections-core/index.js";
import { DoneInPart } from "datadog-org-connections-core/index.js";
import { printable } from "./printable-error.js";
import { parseFields, parsePlannedSet, parseSetInputs, parseSetState } from "./parse-state.js";
import { checkResult, guarded, type DynamicHost, type ProcessWorld } from "./process-world.js";
import { SET_INPUT_LINE, SET_OUTPUT_LINE, withLine } from "./provider-lines.js";

/** The host of sets of connections. */
export function setHost(world: ProcessWorld): DynamicHost {
  return {
    configure: (request) => world.configure(request),
    check: (olds, news) =>
      guarded("check", async () =>
        checkResult(await lifecycle.checkSet(world, parseFields(olds), parseFields(news))),
      ),
    diff: (_, olds, news) =>
      guarded("diff", async () => {
        const difference = await lifecycle.diffSet(world, parseSetState(olds), parsePlannedSet(news));
        if (difference.change !== "replace") return { changes: difference.change === "update" };
        return { changes: true, replaces: difference.because };
      }),
    create: (inputs) =>
      inPart(async () => {
        const outs = await lifecycle.syncSet(world, undefined, parseSetInputs(inputs));
        return { id: outs.sourceOrgId, outs: withLine(outs, SET_OUTPUT_LINE) };
      }),
    read: (id, props) =>
      guarded("read", async () => {
        const seen = await lifecycle.readSet(world, parseSetState(props));
        return {
          id,
          props: withLine(seen.recorded, SET_OUTPUT_LINE),
          inputs: withLine(seen.wanted, SET_INPUT_LINE),
        };
      }),
    update: (_, olds, news) =>
      inPart(async () => ({
        outs: withLine(
          await lifecycle.syncSet(world, parseSetState(olds), parseSetInputs(news)),
          SET_OUTPUT_LINE,
        ),
      })),
    delete: (_, props) => guarded("delete", () => lifecycle.removeSet(world, parseSetState(props))),
  };
}

/**
 * An error of create or update that carries `id`, `properties` and `reasons` means "done in part": the engine keeps the
 * properties as the state, shows the reasons and fails (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider).
 */
function inPart<T>(work: () => Promise<T>): Promise<T> {
  return guarded("change", async () => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DoneInPart)) throw error;
      const { recorded: state } = error;
      const reasons = error.reasons.map((reason) => printable(reason, "change").message);
      const properties = withLine(state, SET_OUTPUT_LINE);
      throw Object.assign(new Error(error.message), { id: state.sourceOrgId, properties, reasons });
    }
  });
}
