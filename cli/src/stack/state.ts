import * as v from "valibot";
import { resourceState, type ResourceState } from "./resource-state.js";
import { identify } from "./resources.js";

/** A resource of ours in the state of a stack. */
export interface StateResource {
  urn: string;
  state: ResourceState;
}

const exported = v.object({ deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }) });

/**
 * The resources of ours in what `pulumi stack export` prints, without views (`OrgConnection.get`).
 *
 * @param state - the parsed JSON
 * @param name - how messages call it
 * @throws an error that says what the input should be
 */
export function parseState(state: unknown, name: string): StateResource[] {
  const parsed = v.safeParse(exported, state);
  if (!parsed.success)
    throw new Error(`${name} is no state of a stack. What \`pulumi stack export\` prints is needed, whole.`);
  return parsed.output.deployment.resources.flatMap((one) => {
    const resource = v.safeParse(resourceState, one);
    if (!resource.success || resource.output.external) return [];
    const own = identify(resource.output.urn ?? "", resource.output.form);
    return own ? [{ urn: own.urn, state: { ...resource.output, form: own.form } }] : [];
  });
}
