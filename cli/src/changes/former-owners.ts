import { isOwnTool, isPlugin, isSameHost, isSameResource, type ResourceRef } from "../stack/resources.js";
import type { PairIndex } from "./pair-index.js";
import type { ResolvedTransition } from "./connection-transitions.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import type { SharedData } from "./shared-data.js";

/**
 * The former owners of a pair: the resources that give up its connection while another resource creates or adopts a connection of
 * the pair. A resource that moves to another tool or provider can be its own former owner.
 */
export interface FormerOwners {
  /** The resource whose connection stays live if the new owner adopts it ({@link canHandOver}). */
  handingOver?: ResolvedTransition | undefined;
  /** `handingOver` or, without it, the first resource that certainly gives up the connection of this pair. */
  ofSamePair?: ResolvedTransition | undefined;
}

/**
 * Finds the resources that give up the connection of the pair that this transition declares.
 *
 * @param givenUp - the transitions that give up a connection ({@link isGivenUp}), by its pair
 */
export function findFormerOwners(
  transition: ResolvedTransition,
  after: SharedData,
  givenUp: PairIndex<ResolvedTransition>,
): FormerOwners {
  const samePair = givenUp.listSame(after).filter((other) => isFormerOwner(other, transition));
  const { resource } = transition.timeline;
  const handingOver = samePair.find((other) => canHandOver(getFormerRef(other), resource));
  return { handingOver, ofSamePair: handingOver ?? samePair[0] };
}

/**
 * Lists the former owners that delete or may delete the connection by its id, even if the new owner adopts it. If the UUID of a
 * source is unknown, a connection to the same destination may be the same connection. So the list may be long.
 */
export const listDeletingOwners = (
  transition: ResolvedTransition,
  after: SharedData,
  givenUp: PairIndex<ResolvedTransition>,
): ResolvedTransition[] =>
  givenUp
    .listPossible(after)
    .filter((other) => isFormerOwner(other, transition) && isDeletedById(other, transition));

/** Whether the connection that `other` gives up is deleted by its id, even if the new owner adopts it. */
export const isDeletedById = (other: ResolvedTransition, newOwner: ResolvedTransition): boolean =>
  !canHandOver(getFormerRef(other), newOwner.timeline.resource) && !isRetained(other.timeline);

/** Whether the connection is given up by another resource, or by the former self of a moved resource. */
const isFormerOwner = (other: ResolvedTransition, { timeline: { resource } }: ResolvedTransition): boolean =>
  !isSameResource(other.timeline.resource, resource) || isDeletedLast(other);

/**
 * Whether Pulumi's engine or Terraform retains the connection that the resource gives up. An update of a set deletes the members
 * that the set no longer declares, even with `retainOnDelete`.
 */
export const isRetained = ({ op, refreshedState }: ResourceTimeline): boolean =>
  op !== "update" && refreshedState?.retainOnDelete === true;

/** Whether the resource gives up its current connection: the connection is deleted, replaced, released or handed over. */
export const isGivenUp = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  current !== undefined && (declared === undefined || timeline.op === "replace");

/**
 * Returns the resource with the tool and provider whose process deletes its connection.
 * - If a moved resource is replaced, the former process deletes the connection. The result has the former tool, provider and
 *   address.
 * - Otherwise, the result is the resource as it is. For example, the new process runs the update of a moved resource.
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
 * Whether a moved resource is replaced, and its old connection is deleted after the create. If the old connection is deleted first,
 * the replacement has nothing to adopt.
 */
const isDeletedLast = (transition: ResolvedTransition): boolean =>
  hasFormerHost(transition) && transition.timeline.deleteFirst === false;

type Owner = Pick<ResourceRef, "tool" | "location" | "provider">;

/**
 * Whether the connection that `from` gives up stays live if `to` adopts it. For this, one process must manage both in the same
 * operation, as dynamic resources or as resources of the plugin. Otherwise, `from` deletes the connection by its id. Examples of
 * such a `from`:
 * - A resource of `@pulumi/datadog` or of another stack.
 * - A resource of the plugin, if `to` is a dynamic resource or has another provider.
 */
export const canHandOver = (from: Owner, to: Owner): boolean => isOwnTool(from) && isSameHost(from, to);
