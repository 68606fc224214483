import { describe, expect, test } from "vitest";
import { omitUndefinedDeep } from "../../../core/src/text/data.js";
import { create } from "../../../core/src/index.js";
import {
  CONNECTION,
  createEntry,
  catchError,
  UNKNOWN_ID,
  createOperation,
  useSandbox,
  countWrites,
} from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const on = { route: "createConnection" } as const;
const createInputs = () => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
});

describe("a new pair", () => {
  test("is created by one write, and the state has the inputs and the response", async () => {
    const { connectionId, state } = await create(createOperation(sandbox()), {
      ...createInputs(),
      adopt: false,
      reason: "SEC-1",
    });
    const [live] = sandbox().listConnections();
    expect(countWrites(sandbox())).toBe(1);
    expect(live).toMatchObject({ id: connectionId, connectionTypes: ["logs", "metrics"] });
    expect(state).toEqual({
      source: "payments",
      sinkOrgId: getOrgId("observability"),
      connectionTypes: ["logs", "metrics"],
      adopt: false,
      reason: "SEC-1",
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: live?.createdAt,
      createdBy: live?.createdBy,
    });
  });

  test("without types gets Datadog's types, and the state has `typesUnspecified`", async () => {
    const { source, sinkOrgId } = createInputs();
    const { state } = await create(createOperation(sandbox()), { source, sinkOrgId });
    expect(state).toMatchObject({ connectionTypes: ["logs"], typesUnspecified: true });
  });

  test("with types has no `typesUnspecified`", async () => {
    const { state } = await create(createOperation(sandbox()), createInputs());
    expect(omitUndefinedDeep(state)).not.toHaveProperty("typesUnspecified");
  });

  test("belongs to the organization of the credentials", async () => {
    await create(createOperation(sandbox()), { ...createInputs(), source: "checkout" });
    expect(sandbox().listConnections()).toMatchObject([{ sourceOrgId: getOrgId("checkout") }]);
  });

  test("gets its source from another request if the response lacks it", async () => {
    sandbox().fail({ on, moment: "before", what: { kind: "json", body: createBareResponse() } });
    const { connectionId, state } = await create(createOperation(sandbox()), createInputs());
    expect([connectionId, state.sourceOrgId]).toEqual([CONNECTION, getOrgId("payments")]);
  });

  test("keeps its ID if that request fails too, because it was created", async () => {
    sandbox().fail({ on, moment: "before", what: { kind: "json", body: createBareResponse() } });
    const refused = { kind: "status", status: 403 } as const;
    // The first listing, for the baseline, succeeds.
    sandbox().fail({
      on: { route: "listConnections" },
      skip: 1,
      times: Infinity,
      moment: "before",
      what: refused,
    });
    sandbox().fail({ on: { route: "listOrganizations" }, times: Infinity, moment: "before", what: refused });
    expect((await create(createOperation(sandbox()), createInputs())).connectionId).toBe(CONNECTION);
  });
});

/** A successful response without its optional parts (https://docs.datadoghq.com/api/latest/org-connections/). */
function createBareResponse() {
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
  test("of the credentials' organization allows the create", async () => {
    const payments = createEntry(sandbox(), "payments", { id: getOrgId("payments") });
    await create(createOperation(sandbox(), { organizations: { payments } }), createInputs());
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("of another organization prevents any write", async () => {
    const payments = createEntry(sandbox(), "payments", { id: getOrgId("checkout") });
    const error = await catchError(
      create(createOperation(sandbox(), { organizations: { payments } }), createInputs()),
    );
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(getOrgId("checkout"));
    expect(error.message).toContain(getOrgId("payments"));
    expect(countWrites(sandbox())).toBe(0);
  });

  test("that cannot be proven prevents any write", async () => {
    const entry = createEntry(sandbox(), "readonly", { id: getOrgId("readonly") });
    const context = createOperation(sandbox(), { organizations: { readonly: entry } });
    const error = await catchError(create(context, { ...createInputs(), source: "readonly" }));
    expect(error.code).toBe("organization-unproven");
    expect(countWrites(sandbox())).toBe(0);
  });
});

describe("a create that Datadog refuses", () => {
  test.each([
    ["an unknown destination", () => UNKNOWN_ID],
    ["a destination in another account", () => getOrgId("globex-observability")],
  ])("%s names the input", async (_, sink) => {
    const error = await catchError(
      create(createOperation(sandbox()), { ...createInputs(), sinkOrgId: sink() }),
    );
    expect(error).toMatchObject({ code: "not-found", facts: { property: "sinkOrgId", status: 404 } });
    expect(error.message).toContain(sink());
    expect(error.message).toContain("getOrganization");
  });

  test("the source as its own destination has Datadog's error message", async () => {
    const error = await catchError(
      create(createOperation(sandbox()), { ...createInputs(), sinkOrgId: getOrgId("payments") }),
    );
    expect(error.code).toBe("bad-request");
    expect(error.message).toContain("is not allowed");
  });

  test("read-only credentials are forbidden", async () => {
    const error = await catchError(
      create(createOperation(sandbox()), { ...createInputs(), source: "readonly" }),
    );
    expect(error.code).toBe("forbidden");
  });
});
