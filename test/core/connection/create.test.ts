import { describe, expect, test } from "vitest";
import { withoutUndefined } from "../../../core/src/api/defined.js";
import { create } from "../../../core/src/index.js";
import type { FaultAction } from "../../../sandbox/src/index.js";
import { CONNECTION, count, entryOf, failureOf, NOBODY, operation, useSandbox, writes } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const on = { route: "createConnection" } as const;
const wanted = () => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: ["logs", "metrics"],
});

describe("a new pair", () => {
  test("is created by one write, and the state mirrors inputs and answer", async () => {
    const { connectionId, recorded } = await create(operation(sandbox()), {
      ...wanted(),
      adopt: false,
      reason: "SEC-1",
    });
    const [live] = sandbox().connections();
    expect(writes(sandbox())).toBe(1);
    expect(live).toMatchObject({ id: connectionId, connectionTypes: ["logs", "metrics"] });
    expect(recorded).toEqual({
      source: "payments",
      sinkOrgId: idOf("observability"),
      connectionTypes: ["logs", "metrics"],
      adopt: false,
      reason: "SEC-1",
      sourceOrgId: idOf("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: live?.createdAt,
      createdBy: live?.createdBy,
    });
  });

  test("without types is left to Datadog, and the state says so", async () => {
    const { source, sinkOrgId } = wanted();
    const { recorded } = await create(operation(sandbox()), { source, sinkOrgId });
    expect(recorded).toMatchObject({ connectionTypes: ["logs"], unmanagedTypes: true });
  });

  test("with managed types has no mark of unmanaged ones", async () => {
    const { recorded } = await create(operation(sandbox()), wanted());
    expect(withoutUndefined(recorded)).not.toHaveProperty("unmanagedTypes");
  });

  test("belongs to the organization of the keys", async () => {
    await create(operation(sandbox()), { ...wanted(), source: "checkout" });
    expect(sandbox().connections()).toMatchObject([{ sourceOrgId: idOf("checkout") }]);
  });

  test("whose answer lacks the source gets it looked up", async () => {
    sandbox().fail({ on, moment: "before", what: { kind: "json", body: bareAnswer() } });
    const { connectionId, recorded } = await create(operation(sandbox()), wanted());
    expect([connectionId, recorded.sourceOrgId]).toEqual([CONNECTION, idOf("payments")]);
  });

  test("whose answer lacks the source keeps its id when the look-up fails: it was created", async () => {
    sandbox().fail({ on, moment: "before", what: { kind: "json", body: bareAnswer() } });
    const refused = { kind: "status", status: 403 } as const;
    // The list that a create may begin with still passes.
    sandbox().fail({
      on: { route: "listConnections" },
      skip: 1,
      times: Infinity,
      moment: "before",
      what: refused,
    });
    sandbox().fail({ on: { route: "listOrganizations" }, times: Infinity, moment: "before", what: refused });
    expect((await create(operation(sandbox()), wanted())).connectionId).toBe(CONNECTION);
  });
});

/** A success whose optional parts are missing (S). */
function bareAnswer() {
  return {
    data: {
      type: "org_connection",
      id: CONNECTION,
      attributes: { created_at: "2025-08-26T20:19:36.177236+00:00", connection_types: ["logs", "metrics"] },
      relationships: {},
    },
  };
}

describe("a configured id", () => {
  test("of the keys' own organization lets the create pass", async () => {
    const payments = entryOf(sandbox(), "payments", { id: idOf("payments") });
    await create(operation(sandbox(), { organizations: { payments } }), wanted());
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("of another organization stops it before anything is written", async () => {
    const payments = entryOf(sandbox(), "payments", { id: idOf("checkout") });
    const error = await failureOf(create(operation(sandbox(), { organizations: { payments } }), wanted()));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(idOf("checkout"));
    expect(error.message).toContain(idOf("payments"));
    expect(writes(sandbox())).toBe(0);
  });

  test("that nobody can prove stops it too", async () => {
    const entry = entryOf(sandbox(), "readonly", { id: idOf("readonly") });
    const world = operation(sandbox(), { organizations: { readonly: entry } });
    const error = await failureOf(create(world, { ...wanted(), source: "readonly" }));
    expect(error.code).toBe("organization-unproven");
    expect(writes(sandbox())).toBe(0);
  });
});

describe("a create that Datadog refuses", () => {
  test.each([
    ["an unknown sink", () => NOBODY],
    ["a sink of another account", () => idOf("globex-observability")],
  ])("%s names the input", async (_, sink) => {
    const error = await failureOf(create(operation(sandbox()), { ...wanted(), sinkOrgId: sink() }));
    expect(error).toMatchObject({ code: "not-found", facts: { property: "sinkOrgId", status: 404 } });
    expect(error.message).toContain(sink());
    expect(error.message).toContain("getOrganization");
  });

  test("the source as its own sink is Datadog's own words", async () => {
    const error = await failureOf(create(operation(sandbox()), { ...wanted(), sinkOrgId: idOf("payments") }));
    expect(error.code).toBe("bad-request");
    expect(error.message).toContain("is not allowed");
  });

  test("keys that only read are forbidden", async () => {
    const error = await failureOf(create(operation(sandbox()), { ...wanted(), source: "readonly" }));
    expect(error.code).toBe("forbidden");
  });
});

const losses: FaultAction[] = [
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "html" },
  { kind: "html", status: 200 },
  { kind: "json", body: { data: [] } },
];

describe("a create whose answer is lost", () => {
  test.each(losses)("by $kind $status is not sent again while its connection lives", async (what) => {
    sandbox().fail({ on, moment: "after", what });
    await create(operation(sandbox()), wanted()).catch(() => undefined);
    expect(count(sandbox(), "createConnection")).toBe(1);
    expect(sandbox().connections()).toHaveLength(1);
  });

  test.each(losses)(
    "by $kind $status is of unknown outcome when nothing can be seen afterwards",
    async (what) => {
      sandbox().fail({ on, moment: "after", what });
      // The list that a create may begin with still passes.
      const refused = { kind: "status", status: 403 } as const;
      sandbox().fail({
        on: { route: "listConnections" },
        skip: 1,
        times: Infinity,
        moment: "before",
        what: refused,
      });
      const error = await failureOf(create(operation(sandbox()), wanted()));
      expect(error.code).toBe("outcome-unknown");
      expect(error.message).toContain(idOf("observability"));
      expect(count(sandbox(), "createConnection")).toBe(1);
      // With that field the engine would take it for a creation in part.
      expect(error).not.toHaveProperty("id");
    },
  );
});

test("a 429 proves that nothing was written: the create is sent again", async () => {
  const what = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "0" } } as const;
  sandbox().fail({ on, moment: "before", what });
  await create(operation(sandbox()), wanted());
  expect(count(sandbox(), "createConnection")).toBe(2);
  expect(sandbox().connections()).toHaveLength(1);
});
