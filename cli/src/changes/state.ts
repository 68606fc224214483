import * as v from "valibot";
import { identify, resourcesIn, typeOf } from "../stack/resources.js";
import { resourceState, type ResourceState } from "./step.js";

/** A resource of ours in the state of a stack. */
export interface StateResource {
  urn: string;
  state: ResourceState;
}

/**
 * The resources of ours in what `pulumi stack export` prints, views (`OrgConnection.get`) apart.
 *
 * @param name - how messages call the text
 * @throws an error that says what the text should be
 */
export const parseState = (text: string, name: string): StateResource[] => stateOf(parseJson(text), name);

/** The same, from what was parsed already. */
export const stateOf = (state: unknown, name: string): StateResource[] =>
  resourcesIn(state, name).flatMap((one) => {
    const own = identify(one);
    if (!own) return [];
    // One whose form is not known holds something all the same, so it is not left out.
    const parsed = v.safeParse(resourceState, one);
    const read = parsed.success ? parsed.output : v.parse(resourceState, { type: typeOf(own.form) });
    return read.external ? [] : [{ urn: own.urn, state: { ...read, type: typeOf(own.form) } }];
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}
