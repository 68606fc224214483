import * as v from "valibot";
import { resourceStateSchema, type ResourceState } from "./resource-state.js";
import { identifyResource } from "./resources.js";

/** A resource of this package in the state of a stack. */
export interface StateResource {
  urn: string;
  state: ResourceState;
}

const exportedSchema = v.object({
  deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }),
});

/**
 * Parses the resources of this package in the output of `pulumi stack export`, without views (`OrgConnection.get`).
 *
 * @param state - the parsed JSON
 * @param name - the name of the input in messages
 * @throws an error that says what the input should be
 */
export function parseState(state: unknown, name: string): StateResource[] {
  const parsed = v.safeParse(exportedSchema, state);
  if (!parsed.success)
    throw new Error(
      `${name} is not the state of a stack. Pass the complete output of \`pulumi stack export\`.`,
    );
  return parsed.output.deployment.resources.flatMap((resource) => {
    const parsedResource = v.safeParse(resourceStateSchema, resource);
    if (!parsedResource.success || parsedResource.output.external) return [];
    const identified = identifyResource(parsedResource.output.urn ?? "", parsedResource.output.form);
    return identified
      ? [{ urn: identified.urn, state: { ...parsedResource.output, form: identified.form } }]
      : [];
  });
}
