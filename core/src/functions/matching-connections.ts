import type { Connection } from "../api/parse.js";
import type { FunctionArguments } from "./arguments.js";

/** Lists the connections that match all given filters of `getOrgConnections`. */
export function listMatchingConnections(
  connections: readonly Connection[],
  { sinkOrgId, sourceOrgId }: FunctionArguments<"getOrgConnections">,
): Connection[] {
  const isMatch = (id: string | undefined, filter: string | undefined) =>
    filter === undefined || id === filter;
  return connections.filter(
    ({ source, sink }) => isMatch(sink?.id, sinkOrgId) && isMatch(source?.id, sourceOrgId),
  );
}
