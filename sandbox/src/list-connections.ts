import * as v from "valibot";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import type { ApiCall, HandlerContext, Outcome } from "./handler.js";
import { createInvalidInputResponse } from "./response.js";
import { uuid } from "./input.js";
import { toIncluded, toWireConnection } from "./to-wire.js";

/**
 * `GET /api/v2/org_connections`. Returns every connection whose source or destination is the caller:
 * https://docs.datadoghq.com/api/latest/org-connections/
 */
export function listConnections({ store }: HandlerContext, { caller, query }: ApiCall): Outcome {
  const limit = parseWholeNumber(query.get("limit"), PAGE_LIMIT);
  const offset = parseWholeNumber(query.get("offset"), 0);
  const source = query.get("source_org_id")?.toLowerCase();
  const sink = query.get("sink_org_id")?.toLowerCase();
  // Assumptions: an invalid parameter returns 400, and no page is larger than the default.
  if (limit === undefined || limit < 1 || limit > PAGE_LIMIT || offset === undefined)
    return createInvalidInputResponse();
  if ([source, sink].some((id) => id !== undefined && !v.is(uuid, id))) return createInvalidInputResponse();

  const own = store.connections.filter((row) => [row.sourceOrgId, row.sinkOrgId].includes(caller.id));
  const filtered = own.filter(
    (row) => (source ?? row.sourceOrgId) === row.sourceOrgId && (sink ?? row.sinkOrgId) === row.sinkOrgId,
  );
  const page = filtered.slice(offset, offset + limit);
  return {
    status: 200,
    body: {
      data: page.map((row) => toWireConnection(store, row)),
      // An empty list has no `included` (recorded).
      ...(page.length > 0 && { included: toIncluded(store, page) }),
      meta: { page: { total_count: own.length, total_filtered_count: filtered.length } },
    },
  };
}

function parseWholeNumber(text: string | null, defaultValue: number): number | undefined {
  if (text === null) return defaultValue;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
