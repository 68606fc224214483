import * as v from "valibot";
import {
  createUrnRef,
  getStackName,
  identifyKind,
  isProviderUrn,
  pulumiResourceSchema,
  readProviderFacts,
  toResourceState,
} from "./pulumi-resources.js";
import type { ResourceState, StateResource } from "./resource-state.js";
import type { ProviderFacts } from "./step.js";

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
  const stackProviders = listStackProviders(listProviderFacts(state));
  return parsed.output.deployment.resources.flatMap((one): StateResource[] => {
    const parsedResource = v.safeParse(pulumiResourceSchema, one);
    if (!parsedResource.success || parsedResource.output.fields.external) return [];
    const urn = parsedResource.output.urn ?? "";
    const kind = identifyKind(parsedResource.output, urn);
    if (!kind) return [];
    const resourceState = markStackProvider(toResourceState(parsedResource.output, kind), stackProviders);
    return [{ resource: createUrnRef(urn, kind, resourceState.provider), state: resourceState }];
  });
}

/** Reads the providers in an exported state. Empty for a state of another tool. */
export function listProviderFacts(state: unknown): ProviderFacts[] {
  const parsed = v.safeParse(exportSchema, state);
  return (parsed.success ? parsed.output.deployment.resources : []).flatMap((one) => {
    const resource = v.safeParse(pulumiResourceSchema, one);
    const urn = resource.success ? (resource.output.urn ?? "") : "";
    if (!resource.success || !isProviderUrn(urn)) return [];
    return readProviderFacts(urn, resource.output) ?? [];
  });
}

/** Lists the URNs of the providers that the engine created from the stack's configuration. */
export const listStackProviders = (providers: readonly ProviderFacts[]): ReadonlySet<string> =>
  new Set(providers.flatMap(({ urn, isOfStack }) => (isOfStack ? [urn] : [])));

/** Marks a resource whose provider is one of the stack's ({@link listStackProviders}). */
export const markStackProvider = (
  state: ResourceState,
  stackProviders: ReadonlySet<string>,
): ResourceState =>
  state.provider !== undefined && stackProviders.has(state.provider)
    ? { ...state, isOfStackProvider: true }
    : state;

/**
 * The stacks of exported states, as `project/stack`. Contains `undefined` for a state without resources, which does not name its
 * stack.
 */
export type StateLocations = ReadonlySet<string | undefined>;

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
