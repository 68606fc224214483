import { beforeEach, describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine, type Stack } from "../stack.js";

const engine = useEngine();

/**
 * Rows that the published models allow, or that a faulty server could send, in the list for keys of another
 * organization. Each contains the source of the stack's connection, which must not be taken for the caller.
 */
const rows = {
  "a row without a source": { sink_org: "payments" },
  "a row without a destination": { source_org: "payments" },
  "a row from an organization to itself": { source_org: "payments", sink_org: "payments" },
};

/** Makes "search" get a complete list with this row only, and a 403 for `GET /api/v2/org`. */
function returnOnlyRow(ends: Record<string, string>): void {
  const relationships = Object.fromEntries(
    Object.entries(ends).map(([end, key]) => [end, { data: { type: "orgs", id: engine.getOrgId(key) } }]),
  );
  const row = {
    type: "org_connection",
    id: "40bbb1c2-0000-4000-8000-000000000001",
    attributes: { created_at: "2026-01-01T00:00:00.000000+00:00", connection_types: ["logs"] },
    relationships,
  };
  const body = { data: [row], meta: { page: { total_count: 1, total_filtered_count: 1 } } };
  const always = { times: Infinity, moment: "before" } as const;
  engine.sandbox.fail({
    ...always,
    on: { route: "listConnections", organization: "search" },
    what: { kind: "json", body },
  });
  engine.sandbox.fail({
    ...always,
    on: { route: "listOrganizations", organization: "search" },
    what: { kind: "status", status: 403, body: { errors: ["Failed permission authorization checks"] } },
  });
}

describe.each(Object.entries(rows))("with another organization's keys, %s", (_, ends) => {
  let stack: Stack;
  beforeEach(async () => {
    stack = engine.createStack(() => {
      new OrgConnection("hub", { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] });
    });
    await stack.expectUp();
    const { apiKey, appKey } = engine.sandbox.getOrganization("search");
    stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    returnOnlyRow(ends);
  });

  it("keeps the connection in the state", async () => {
    const refresh = await stack.refresh();
    expect(refresh.errors.join()).toContain("[organization-unproven]");
    expect(refresh.code).not.toBe(0);
    expect(await stack.loadState()).toMatchObject([{ id: engine.getOnlyConnection().id }]);
  });

  it("deletes nothing: destroy fails", async () => {
    const destroy = await stack.destroy();
    expect(destroy.errors.join()).toContain("[organization-unproven]");
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(await stack.loadState()).toMatchObject([{ id: engine.getOnlyConnection().id }]);
  });
});
