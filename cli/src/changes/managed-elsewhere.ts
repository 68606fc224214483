import { isSameResource, type ResourceRef } from "../stack/resources.js";
import type { StateResource } from "../stack/resource-state.js";
import { canHandOver } from "./former-owners.js";
import {
  toKnownConnection,
  type KnownConnection,
  type OrganizationDirectory,
} from "./organization-directory.js";
import { readResourceConnections } from "./resource-connections.js";
import type { FindManagedElsewhere } from "./resolved-transition.js";

/**
 * Creates a function that finds the connection of a pair if another resource manages the connection and cannot hand it over
 * ({@link canHandOver}).
 */
export function createElsewhereFinder(
  resources: readonly StateResource[],
  directory: OrganizationDirectory,
): FindManagedElsewhere {
  const byPair = new Map<string, { resource: ResourceRef; known: KnownConnection }[]>();
  for (const one of resources) {
    for (const connection of readResourceConnections(one).connections) {
      const { source, sink } = directory.resolveEnds(connection.shared);
      if (connection.isUndeclared || source.id === undefined || sink.id === undefined) continue;
      const key = formatKey(source.id, sink.id);
      byPair.set(key, [
        ...(byPair.get(key) ?? []),
        { resource: one.resource, known: toKnownConnection(connection) },
      ]);
    }
  }
  return (resource, { source, sink }) =>
    source.id === undefined || sink.id === undefined
      ? undefined
      : byPair
          .get(formatKey(source.id, sink.id))
          ?.find((one) => !isSameResource(one.resource, resource) && !canHandOver(one.resource, resource))
          ?.known;
}

const formatKey = (source: string, sink: string): string => `${source} ${sink}`;
