import * as v from "valibot";
import { SET_TYPE, SINGLE_TYPE } from "../stack/type-tokens.js";
import { resourceState, type ResourceState } from "./step.js";

/** A resource of ours in the state of a stack. */
export interface StateResource {
  urn: string;
  state: ResourceState;
}

const exported = v.object({ deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }) });
const resource = v.object({ urn: v.string() });

/**
 * The resources of ours in what `pulumi stack export` prints, views (`OrgConnection.get`) apart.
 *
 * @param name - how messages call the text
 * @throws an error that says what the text should be
 */
export const parseState = (text: string, name: string): StateResource[] => stateOf(parseJson(text), name);

/** The same, from what was parsed already. */
export function stateOf(state: unknown, name: string): StateResource[] {
  const parsed = v.safeParse(exported, state);
  if (!parsed.success) {
    throw new Error(`${name} is no state of a stack. What \`pulumi stack export\` prints is needed, whole.`);
  }
  return resourcesOf(parsed.output.deployment.resources);
}

function resourcesOf(resources: readonly unknown[]): StateResource[] {
  return resources.flatMap((one) => {
    const urn = v.safeParse(resource, one);
    const state = v.safeParse(resourceState, one);
    if (!urn.success || !state.success || state.output.external) return [];
    const isOurs = state.output.type === SINGLE_TYPE || state.output.type === SET_TYPE;
    return isOurs ? [{ urn: urn.output.urn, state: state.output }] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}
