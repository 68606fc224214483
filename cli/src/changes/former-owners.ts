import { isOwnTool, isPlugin, isSameHost, isSameResource, type ResourceRef } from "../stack/resources.js";
import { canBeSamePair, isSamePair } from "./shared-data.js";
import type { ResolvedTransition } from "./resolved-transition.js";

/** The resources that give up the connection of a pair that another resource creates or adopts. */
export interface FormerOwners {
  /** It hands its connection over: the provider does not delete what the same operation adopts. */
  handingOver?: ResolvedTransition | undefined;
  /** They delete the connection by its id, or may do so, whoever adopts it. */
  deleting: ResolvedTransition[];
  /** Any of them that has the same pair for certain. */
  known?: ResolvedTransition | undefined;
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
  const others = givenUp.filter(
    (other) => !isSameResource(other.timeline.resource, timeline.resource) || isDeletedLast(other),
  );
  const samePair = others.filter(({ before }) => isSamePair(before, after));
  const handingOver = samePair.find((other) => canHandOver(getFormerRef(other), timeline.resource));
  // If it is unknown whose credentials are used, a connection to the same destination may be the same one.
  const deleting = others.filter(
    (other) =>
      canBeSamePair(other.before, after) &&
      !canHandOver(getFormerRef(other), timeline.resource) &&
      other.timeline.live?.retainOnDelete !== true,
  );
  return { handingOver, deleting, known: handingOver ?? samePair[0] };
}

/** Whether the connection is deleted or leaves its stack or state. */
export const isGivenUp = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  current !== undefined && (declared === undefined || timeline.op === "replace");

/**
 * Returns the resource with the tool that deletes its connection. If an alias moves a resource that is also replaced, the result
 * has the former tool and the former address. If another provider of the plugin manages the resource now, the result has the former
 * provider.
 */
export function getFormerRef({ timeline }: ResolvedTransition): ResourceRef {
  const { resource, live, formerAddress } = timeline;
  const tool = live?.tool ?? resource.tool;
  const provider = live && isPlugin(live) ? live.provider : undefined;
  if (tool === resource.tool && (live === undefined || provider === resource.provider)) return resource;
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
 * Whether one resource can adopt the connection that another one gives up. Only one process of ours, in one operation, knows of
 * both. The provider of `@pulumi/datadog` deletes by id, and so does our provider in another stack, in an operation of its own, and
 * a plugin whose connection a dynamic resource or another provider adopts.
 */
export const canHandOver = (from: Owner, to: Owner): boolean => isOwnTool(from) && isSameHost(from, to);
