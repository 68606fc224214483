import { beforeEach, describe, expect, it } from "vitest";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/**
 * Rows that the published models allow, or that a faulty server could send, in the list that keys of another organization
 * get. The one organization in each is the source of the stack's connection, which a caller must not be taken for.
 */
const rows = {
  "a row without a source": { sink_org: "payments" },
  "a row without a sink": { source_org: "payments" },
  "a row from an organization to itself": { source_org: "payments", sink_org: "payments" },
};

/** What "search" gets: a complete list with this one row, and a refusal of `GET /api/v2/org`. */
function listOnly(ends: Record<string, string>): void {
  const relationships = Object.fromEntries(
    Object.entries(ends).map(([end, key]) => [end, { data: { type: "orgs", id: engine.id(key) } }]),
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

describe.each(Object.entries(rows))("with keys of another organization, %s", (_, ends) => {
  let stack: Stack;
  beforeEach(async () => {
    const sink = engine.id("observability");
    stack = engine.stack(`new OrgConnection("hub", { sinkOrgId: "${sink}", connectionTypes: ["logs"] });`);
    await stack.mustUp();
    const { apiKey, appKey } = engine.sandbox.organization("search");
    stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    listOnly(ends);
  });

  it("drops no connection from the state", async () => {
    const refresh = await stack.refresh();
    expect(refresh.errors.join()).toContain("[organization-unproven]");
    expect(refresh.code).not.toBe(0);
    expect(await stack.state()).toMatchObject([{ id: engine.only().id }]);
  });

  it("deletes nothing, and destroy fails", async () => {
    const destroy = await stack.destroy();
    expect(destroy.errors.join()).toContain("[organization-unproven]");
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(await stack.state()).toMatchObject([{ id: engine.only().id }]);
  });
});
