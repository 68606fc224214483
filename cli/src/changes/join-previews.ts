import type { StateResource } from "../stack/resource-state.js";
import type { StateLocations } from "../stack/pulumi-state.js";
import type { Diagnostic, Preview, PreviewStep } from "../stack/step.js";

/** The content of all previews and plans that are reviewed together, and the states before them. */
export interface JoinedPreviews {
  steps: PreviewStep[];
  diagnostics: Diagnostic[];
  /** The state before the changes. Undefined if no state is known. */
  state: StateResource[] | undefined;
  /** Whether the unchanged resources are known. For this, each preview or plan must show them, or its state must be given. */
  isUnchangedKnown: boolean;
  /** The stacks whose leftovers of interrupted replacements neither the preview nor a state shows. */
  hiddenLeftovers: string[];
}

/**
 * Joins previews and plans.
 *
 * @param state - the resources in the states that were given. A plan also contains a state, which takes precedence
 * @param stateLocations - the stacks of the states that were given. By default, the stacks of the resources in `state`. A state
 *   without resources does not name its stack, so its stack is `undefined`. Such a state counts only if there is exactly one
 *   preview or plan
 */
export function joinPreviews(
  previews: readonly Preview[],
  state: readonly StateResource[] | undefined,
  stateLocations: StateLocations = new Set(
    state?.length === 0 ? [undefined] : state?.map(({ resource }) => resource.location),
  ),
): JoinedPreviews {
  const planned = previews.flatMap((preview) => preview.state ?? []);
  const all = [...planned, ...removePlanned(state ?? [], previews)];
  const hasState = ({ location }: Preview) =>
    stateLocations.has(location) || (previews.length === 1 && stateLocations.has(undefined));
  return {
    steps: previews.flatMap(({ steps }) => steps),
    diagnostics: previews.flatMap(({ diagnostics }) => diagnostics),
    state: state || planned.length > 0 ? all : undefined,
    isUnchangedKnown: previews.every((preview) => preview.showsUnchanged || hasState(preview)),
    hiddenLeftovers: previews.flatMap((preview) =>
      preview.hidesLeftovers && !hasState(preview) ? [preview.location] : [],
    ),
  };
}

/**
 * Removes the Terraform resources that a plan also contains. A plan does not name its state, so resources are compared by address
 * and connection ID.
 */
function removePlanned(state: readonly StateResource[], previews: readonly Preview[]): StateResource[] {
  const formatKey = (address: string, id: string | undefined) => JSON.stringify([address, id]);
  const planned = new Set(
    previews
      .filter(({ kind }) => kind === "plan")
      .flatMap((plan) => [
        ...(plan.state ?? []).map((one) => formatKey(one.resource.address, one.state.id)),
        ...plan.steps.map(({ resource, formerAddress, old }) =>
          formatKey(formerAddress ?? resource.address, old?.id),
        ),
      ]),
  );
  return state.filter(
    (one) => one.resource.tool !== "terraform" || !planned.has(formatKey(one.resource.address, one.state.id)),
  );
}
