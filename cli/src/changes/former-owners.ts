import { isOwnTool, isPlugin, isSameHost, isSameResource, type ResourceRef } from "../stack/resources.js";
import { canBeSamePair, isSamePair } from "./shared-data.js";
import type { ResolvedTransition } from "./resolved-transition.js";
import type { ResourceTimeline } from "./resource-timeline.js";

/**
 * The resources that give up the connection of a pair while another resource adopts it or creates a connection for the pair. A resource that
 * moves from another tool or provider can be the former and the new owner.
 */
export interface FormerOwners {
  /** The resource that can hand its connection over: the provider does not delete what the same operation adopts. */
  handingOver?: ResolvedTransition | undefined;
  /** The resources that delete or may delete the connection by its id, even if another resource adopts it. */
  deleting: ResolvedTransition[];
  /**
   * `handingOver`. Without it, the first resource that certainly gives up the connection of this pair: one of `deleting`, or one whose
   * connection is retained.
   */
  ofSamePair?: ResolvedTransition | undefined;
}

/**
 * Finds the resources that give up the connection of the pair that this transition declares.
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
  // If the UUID of a source is unknown, a connection to the same destination may be the same connection.
  const deleting = candidates.filter(
    (other) =>
      canBeSamePair(other.before, after) &&
      !canHandOver(getFormerRef(other), timeline.resource) &&
      !isRetained(other.timeline),
  );
  return { handingOver, deleting, ofSamePair: handingOver ?? samePair[0] };
}

/**
 * Whether Pulumi's engine or Terraform retains the connection that the resource gives up. An update of a set deletes the members that
 * the set no longer declares, even with `retainOnDelete`.
 */
export const isRetained = ({ op, refreshedState }: ResourceTimeline): boolean =>
  op !== "update" && refreshedState?.retainOnDelete === true;

/** Whether the resource gives up its current connection: the connection is deleted, replaced, released or handed over. */
export const isGivenUp = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  current !== undefined && (declared === undefined || timeline.op === "replace");

/**
 * Returns the resource with the tool and provider whose process deletes its connection. If the resource moves to another tool or provider
 * and is replaced, the result has the former tool, provider and address. Otherwise, the result is the resource as it is: if a moved
 * resource is only updated, the new tool or provider runs the update.
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
export const hasFormerHost = (transition: ResolvedTransition): boolean =>
  !isSameHost(getFormerRef(transition), transition.timeline.resource);

/**
 * Whether the former tool or provider of a moved and replaced resource deletes the old connection only after the replacement has been
 * created. If the old connection is deleted first, the replacement has nothing to adopt.
 */
const isDeletedLast = (transition: ResolvedTransition): boolean =>
  hasFormerHost(transition) && transition.timeline.deleteFirst === false;

type Owner = Pick<ResourceRef, "tool" | "location" | "provider">;

/**
 * Whether the connection that `from` gives up stays live if `to` adopts it. For this, both must be resources of this repository that one
 * process manages in the same operation. Otherwise, `from` deletes the connection by its id: for example, if `from` is a resource of
 * `@pulumi/datadog` or of another stack, or if `from` is a resource of the plugin and `to` is a dynamic resource or has another provider.
 */
export const canHandOver = (from: Owner, to: Owner): boolean => isOwnTool(from) && isSameHost(from, to);
