import * as v from "valibot";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { invalidInput, type ApiCall, type HandlerContext, type Outcome } from "./answer.js";
import { uuid } from "./input.js";
import { toIncluded, toWire } from "./wire-rows.js";

/** `GET /api/v2/org_connections`: every connection the caller takes part in, as source or as sink (D). */
export function listConnections({ store }: HandlerContext, { caller, query }: ApiCall): Outcome {
  const limit = wholeNumber(query.get("limit"), PAGE_LIMIT);
  const offset = wholeNumber(query.get("offset"), 0);
  const source = query.get("source_org_id")?.toLowerCase();
  const sink = query.get("sink_org_id")?.toLowerCase();
  // Assumptions, unrecorded: that a bad parameter is 400, and that no page is larger than the default.
  if (limit === undefined || limit < 1 || limit > PAGE_LIMIT || offset === undefined) return invalidInput();
  if ([source, sink].some((id) => id !== undefined && !v.is(uuid, id))) return invalidInput();

  const own = store.connections.filter((row) => [row.sourceOrgId, row.sinkOrgId].includes(caller.id));
  const filtered = own.filter(
    (row) => (source ?? row.sourceOrgId) === row.sourceOrgId && (sink ?? row.sinkOrgId) === row.sinkOrgId,
  );
  const page = filtered.slice(offset, offset + limit);
  return {
    status: 200,
    body: {
      data: page.map((row) => toWire(store, row)),
      // An empty list has no such key (R).
      ...(page.length > 0 && { included: toIncluded(store, page) }),
      meta: { page: { total_count: own.length, total_filtered_count: filtered.length } },
    },
  };
}

function wholeNumber(text: string | null, byDefault: number): number | undefined {
  if (text === null) return byDefault;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
