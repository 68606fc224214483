import * as v from "valibot";
import { identifyKind, pulumiResourceSchema, toResourceState } from "./pulumi-resource-state.js";
import { createUrnRef, getStackName } from "./pulumi-resources.js";
import type { StateResource } from "./resource-state.js";

const exportSchema = v.object({
  deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }),
});

/**
 * Parses the output of `pulumi stack export`. Returns the resources that manage connections, without references
 * (`OrgConnection.get`).
 *
 * @param state - the parsed JSON
 * @param name - the name of the input in messages
 * @throws an error that says what the input should be
 */
export function parsePulumiState(state: unknown, name: string): StateResource[] {
  const parsed = v.safeParse(exportSchema, state);
  if (!parsed.success)
    throw new Error(
      `${name} is not the state of a stack. Pass the complete output of \`pulumi stack export\`.`,
    );
  return parsed.output.deployment.resources.flatMap((one): StateResource[] => {
    const parsedResource = v.safeParse(pulumiResourceSchema, one);
    if (!parsedResource.success || parsedResource.output.fields.external) return [];
    const urn = parsedResource.output.urn ?? "";
    const kind = identifyKind(parsedResource.output, urn);
    if (!kind) return [];
    const resourceState = toResourceState(parsedResource.output, kind);
    return [{ resource: createUrnRef(urn, kind, resourceState.provider), state: resourceState }];
  });
}

const urnSchema = v.object({ urn: v.string() });

/**
 * Lists the stack of an exported state, as `project/stack`, even if the state has no connections.
 *
 * @returns `[undefined]` if the state has no resources, because only resources name the stack. Empty for a state of another tool
 */
export function listStateLocations(state: unknown): (string | undefined)[] {
  const parsed = v.safeParse(exportSchema, state);
  if (!parsed.success) return [];
  const { resources } = parsed.output.deployment;
  if (resources.length === 0) return [undefined];
  const urns = resources.flatMap((one) => {
    const resource = v.safeParse(urnSchema, one);
    return resource.success ? [resource.output.urn] : [];
  });
  return urns.slice(0, 1).map(getStackName);
}
