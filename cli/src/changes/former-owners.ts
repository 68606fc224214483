import { isOwnTool, isPlugin, isSameHost, isSameResource, type ResourceRef } from "../stack/resources.js";
import { canBeSamePair, isSamePair } from "./shared-data.js";
import type { ResolvedTransition } from "./resolved-transition.js";
import type { ResourceTimeline } from "./resource-timeline.js";

/**
 * The resources that give up the connection of a pair that a resource creates or adopts. A resource that moves from another tool or
 * provider can be its own former owner.
 */
export interface FormerOwners {
  /** It can hand its connection over: the provider does not delete what the same operation adopts. */
  handingOver?: ResolvedTransition | undefined;
  /** They delete the connection by its id, or may do so, whoever adopts it. */
  deleting: ResolvedTransition[];
  /** `handingOver`, or else the first resource that gives up certainly this pair: one of `deleting`, or one with `retainOnDelete`. */
  ofSamePair?: ResolvedTransition | undefined;
}

/**
 * Finds the resources that give up the connection of the pair of this transition.
 *
 * @param givenUp - the transitions that give up a connection ({@link isGivenUp})
 */
export function findFormerOwners(
  transition: ResolvedTransition,
  givenUp: readonly ResolvedTransition[],
): FormerOwners {
  const { after, timeline } = transition;
  const candidates = givenUp.filter(
    (other) => !isSameResource(other.timeline.resource, timeline.resource) || isDeletedLast(other),
  );
  const samePair = candidates.filter(({ before }) => isSamePair(before, after));
  const handingOver = samePair.find((other) => canHandOver(getFormerRef(other), timeline.resource));
  // If it is unknown whose credentials are used, a connection to the same destination may be the same one.
  const deleting = candidates.filter(
    (other) =>
      canBeSamePair(other.before, after) &&
      !canHandOver(getFormerRef(other), timeline.resource) &&
      !isRetained(other.timeline),
  );
  return { handingOver, deleting, ofSamePair: handingOver ?? samePair[0] };
}

/**
 * Whether the engine or the tool retains the connection that the resource gives up. An update of a set deletes the members that it no
 * longer declares, even with `retainOnDelete`.
 */
export const isRetained = ({ op, refreshedState }: ResourceTimeline): boolean =>
  op !== "update" && refreshedState?.retainOnDelete === true;

/** Whether the connection is deleted or leaves its stack or state. */
export const isGivenUp = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  current !== undefined && (declared === undefined || timeline.op === "replace");

/**
 * Returns the resource with the tool that deletes its connection. If an alias moves a resource that is also replaced, the result
 * has the former tool and the former address. If another provider of the plugin replaces the resource, the result has the former
 * provider. An update of a set runs in the process of the new tool or provider.
 */
export function getFormerRef({ timeline }: ResolvedTransition): ResourceRef {
  const { resource, refreshedState, formerAddress } = timeline;
  if (timeline.op === "update") return resource;
  const tool = refreshedState?.tool ?? resource.tool;
  const provider = refreshedState && isPlugin(refreshedState) ? refreshedState.provider : undefined;
  if (tool === resource.tool && (refreshedState === undefined || provider === resource.provider))
    return resource;
  return { ...resource, tool, provider, address: formerAddress ?? resource.address };
}

/** Whether another process deletes the old connection, because the resource moves from another tool or provider. */
export const hasFormerTool = (transition: ResolvedTransition): boolean =>
  !isSameHost(getFormerRef(transition), transition.timeline.resource);

/**
 * Whether the former tool of a moved and replaced resource deletes the old connection after the new one was created. If it deletes
 * first, the resource has nothing to adopt.
 */
const isDeletedLast = (transition: ResolvedTransition): boolean =>
  hasFormerTool(transition) && transition.timeline.deleteFirst === false;

type Owner = Pick<ResourceRef, "tool" | "location" | "provider">;

/**
 * Whether the connection that one resource gives up can stay live if the other one adopts it. That is so if the same process of this
 * package manages both resources in the same operation. Otherwise, the former owner deletes the connection by its id. For example, a
 * resource of `@pulumi/datadog` or of another stack does, and so does a plugin if a dynamic resource or another provider adopts it.
 */
export const canHandOver = (from: Owner, to: Owner): boolean => isOwnTool(from) && isSameHost(from, to);
