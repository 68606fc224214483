import * as lifecycle from "datadog-org-connections-core/index.js";
import { listStable } from "datadog-org-connections-core/connection/field.js";
import { SET_FIELDS, parseIgnoredSink } from "datadog-org-connections-core/connection-set/fields.js";
import type { PlannedSetInputs } from "datadog-org-connections-core/connection-set/types.js";
import {
  parsePlannedSetInputs,
  parseSetInputs,
  parseSetState,
} from "datadog-org-connections-core/host/parse-state.js";
import { formatError, PartialChange } from "../protocol/errors.js";
import type { Properties } from "../protocol/values.js";
import { declareSet } from "./program-resources.js";
import { hasNoState, readNewSet } from "./import.js";
import { toDifference, type HandlerOptions, type ResourceHandler } from "./resource-handler.js";

/** The outputs that an update keeps. The organization is also the ID of the set. */
const STABLE_OUTPUTS = ["id", ...listStable(SET_FIELDS)];

/** Creates the handler of sets. */
export function createSetHandler({ context, registrations }: HandlerOptions): ResourceHandler {
  return {
    check: async ({ urn, olds, news }) => {
      context.ledger.recordCheck(urn, olds);
      const conflicts = declareSet(context, urn, news);
      if (conflicts.length > 0) return { failures: conflicts };
      const { inputs, failures } = await registrations.run(() => lifecycle.checkSet(context, olds, news));
      return { inputs: inputs && lifecycle.markUnknowns(inputs, news), failures };
    },
    diff: async ({ urn, olds, oldInputs, news, ignoreChanges }) => {
      const { state, inputs } = omitIgnored(parseSetState(olds), parsePlannedSetInputs(news), ignoreChanges);
      const comparison = await registrations.run(() => lifecycle.compareSet(context, state, inputs));
      if (comparison.result.change !== "replace") context.ledger.recordDiff(urn, listIds(state));
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
      if (hasNoState({ properties, inputs })) return readNewSet(context, id, { isGet: inputs !== undefined });
      const result = await lifecycle.readSet(context, parseSetState(properties));
      return { id, properties: result.state, inputs: result.inputs };
    },
    update: async ({ urn, olds, news, ignoreChanges, preview }) => {
      if (preview) {
        const { state, inputs } = omitIgnored(
          parseSetState(olds),
          parsePlannedSetInputs(news),
          ignoreChanges,
        );
        const planned = await lifecycle.planSet(context, state, inputs);
        return { properties: lifecycle.markUnknowns(planned, news) };
      }
      const { state, inputs } = omitIgnored(parseSetState(olds), parseSetInputs(news), ignoreChanges);
      // The check has declared the ignored connections too, which are undeclared. Otherwise they would not be recorded as such.
      declareSet(context, urn, { ...news, connections: inputs.connections });
      const deletesUndeclared = inputs.exclusive === true && Object.keys(state.undeclared ?? {}).length > 0;
      if (deletesUndeclared) await registrations.waitForQuiet();
      return { properties: await runPartialChange(news, () => lifecycle.syncSet(context, state, inputs)) };
    },
    delete: async ({ urn, properties }) => {
      const state = parseSetState(properties);
      context.ledger.release(urn, listIds(state));
      await lifecycle.deleteSet(context, state);
    },
  };
}

const listIds = ({ members }: lifecycle.SetState): string[] => Object.values(members).map(({ id }) => id);

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

/**
 * Omits the undeclared connections that the option `ignoreChanges` names from the state and from the inputs, so that an exclusive set
 * neither deletes nor creates them. The engine has replaced ignored inputs by the old inputs, which have an undeclared connection after
 * a refresh.
 *
 * @param ignored - property paths, such as `connections["4dee724d-…"]`, `connections` or `*`
 */
function omitIgnored<T extends PlannedSetInputs>(
  state: lifecycle.SetState,
  inputs: T,
  ignored: readonly string[],
): { state: lifecycle.SetState; inputs: T } {
  const ignoredSinks = ignored.map(parseIgnoredSink);
  const isIgnored = (sink: string) => ignoredSinks.includes("*") || ignoredSinks.includes(sink);
  const omitted = Object.keys(state.undeclared ?? {}).filter(isIgnored);
  if (omitted.length === 0) return { state, inputs };
  const omit = <V>(record: Record<string, V>) =>
    Object.fromEntries(Object.entries(record).filter(([sink]) => !omitted.includes(sink)));
  return {
    state: { ...state, connections: omit(state.connections), undeclared: omit(state.undeclared ?? {}) },
    inputs:
      inputs.connections === lifecycle.UNKNOWN
        ? inputs
        : { ...inputs, connections: omit(inputs.connections) },
  };
}
