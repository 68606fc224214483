import { type SetState, UNKNOWN } from "datadog-org-connections-core/index.js";
import type { PlannedSetInputs } from "datadog-org-connections-core/connection-set/types.js";
import { parseIgnoredSink } from "datadog-org-connections-core/connection-set/fields.js";

/**
 * Omits the undeclared connections that the option `ignoreChanges` names from the state and from the inputs, so that an exclusive set
 * neither deletes nor creates them. The engine has replaced ignored inputs by the old inputs, which have an undeclared connection after
 * a refresh.
 *
 * @param ignored - property paths, such as `connections["4dee724d-…"]`, `connections` or `*`
 */
export function omitIgnored<T extends PlannedSetInputs>(
  state: SetState,
  inputs: T,
  ignored: readonly string[],
): { state: SetState; inputs: T } {
  const ignoredSinks = ignored.map(parseIgnoredSink);
  const isIgnored = (sink: string) => ignoredSinks.includes("*") || ignoredSinks.includes(sink);
  const omitted = Object.keys(state.undeclared ?? {}).filter(isIgnored);
  if (omitted.length === 0) return { state, inputs };
  const omit = <V>(record: Record<string, V>) =>
    Object.fromEntries(Object.entries(record).filter(([sink]) => !omitted.includes(sink)));
  return {
    state: { ...state, connections: omit(state.connections), undeclared: omit(state.undeclared ?? {}) },
    inputs: inputs.connections === UNKNOWN ? inputs : { ...inputs, connections: omit(inputs.connections) },
  };
}
