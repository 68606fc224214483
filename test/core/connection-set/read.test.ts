import { describe, expect, test } from "vitest";
import { readSet, deleteSet } from "../../../core/src/index.js";
import { parseNotices } from "../../../core/src/connection/notices.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { countCalls, createEntry, catchError, createOperation, useSandbox } from "../connection/operation.js";
import { createDeclaredSet, listLive } from "./operation.js";

const sandbox = useSandbox();
const many = useSandbox({ seed: createSeed({ sources: 100 }) });
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const TWO = { observability: ["logs"], security: ["audit"] };

describe("reading a set", () => {
  test("returns the live connections and the inputs that declare them, with one request", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO, { adopt: true, reason: "SEC-1" });
    const { state, inputs } = await readSet(createOperation(sandbox()), olds);
    expect(state).toEqual(olds);
    const { source, connections, adopt, reason } = olds;
    expect(inputs).toEqual({ source, connections, adopt, reason });
    expect(sandbox().requests).toHaveLength(1);
  });

  test("shows drift, and warns about a member that is gone", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    sandbox().changeTypes(olds.members[getOrgId("observability")]?.id ?? "", ["metrics"]);
    sandbox().disconnect(olds.members[getOrgId("security")]?.id ?? "");
    const context = createOperation(sandbox());
    const { state, inputs } = await readSet(context, olds);
    expect(state.connections).toEqual({ [getOrgId("observability")]: ["metrics"] });
    expect(Object.keys(state.members)).toEqual([getOrgId("observability")]);
    expect(inputs.connections).toEqual(state.connections);
    expect(context.warnings.join()).toContain("Acme Security is gone; `pulumi up` creates it again.");
    expect(parseNotices(context.warnings.join("\n")).notices).toEqual([
      { kind: "gone", connectionId: olds.members[getOrgId("security")]?.id },
    ]);
  });

  test("names the connection that was recreated for a member that is gone", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    sandbox().disconnect(olds.members[getOrgId("security")]?.id ?? "");
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const context = createOperation(sandbox());
    await readSet(context, olds);
    expect(context.warnings.join()).toMatch(
      new RegExp(`Acme Security is gone, but another connection, ${id} `),
    );
  });

  test("reports gone only with a listing requested after the read", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    const context = createOperation(sandbox());
    sandbox().disconnect(olds.members[getOrgId("security")]?.id ?? "");
    await context.getSession("payments").getListing();
    const id = sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const members = { ...olds.members, [getOrgId("security")]: { id, createdAt: "" } };
    const { state } = await readSet(context, { ...olds, members });
    expect(Object.keys(state.members)).toHaveLength(2);
    expect(countCalls(sandbox(), "listConnections")).toBe(2);
  });

  test("never reports gone with another organization's credentials", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    const payments = createEntry(sandbox(), "checkout");
    const error = await catchError(
      readSet(createOperation(sandbox(), { organizations: { payments } }), olds),
    );
    expect(error.code).toBe("wrong-organization");
  });
});

describe("reading an exclusive set", () => {
  test("shows other connections from its organization, and none to it", async () => {
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    const undeclared = sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const { state, inputs } = await readSet(createOperation(sandbox()), olds);
    expect(state.undeclared).toEqual({ [getOrgId("search")]: undeclared });
    expect(inputs.connections).toEqual({
      [getOrgId("observability")]: ["logs"],
      [getOrgId("search")]: ["audit"],
    });
  });

  test("omits an undeclared connection that is gone", async () => {
    const undeclared = sandbox().connect({ source: "payments", sink: "search" });
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    expect(olds.undeclared).toEqual({ [getOrgId("search")]: undeclared });
    sandbox().disconnect(undeclared);
    const { state } = await readSet(createOperation(sandbox()), olds);
    expect(state).not.toHaveProperty("undeclared");
  });

  test("needs the credentials of its organization: those of a destination cannot see the other connections", async () => {
    sandbox().connect({ source: "payments", sink: "search" });
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    const payments = createEntry(sandbox(), "observability");
    const error = await catchError(
      readSet(createOperation(sandbox(), { organizations: { payments } }), olds),
    );
    expect(error.code).toBe("wrong-organization");
  });

  test("shows no undeclared connections if the set is not exclusive", async () => {
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] });
    sandbox().connect({ source: "payments", sink: "search" });
    const { state } = await readSet(createOperation(sandbox()), olds);
    expect(state).toEqual(olds);
  });
});

describe("deleting a set", () => {
  test("deletes its members, but neither undeclared connections nor connections to its organization", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const olds = await createDeclaredSet(sandbox(), TWO, { exclusive: true });
    await deleteSet(createOperation(sandbox()), olds);
    expect(listLive(sandbox())).toEqual(["checkout → payments: logs", "payments → search: logs"]);
  });

  test("reports the count of failed deletions, and deletes the others", async () => {
    const olds = await createDeclaredSet(sandbox(), { ...TWO, search: ["logs"] });
    for (const key of ["observability", "security"]) {
      const connectionId = olds.members[getOrgId(key)]?.id ?? "";
      const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
      sandbox().fail({ on: { route: "deleteConnection", connectionId }, moment: "before", what });
    }
    const error = await catchError(deleteSet(createOperation(sandbox()), olds));
    expect(error.message).toContain("2 deletions of members failed or were skipped");
    expect(listLive(sandbox())).toEqual(["payments → observability: logs", "payments → security: audit"]);
  });

  test("reports one reason and the count of other reasons", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    for (const [key, reason] of [
      ["observability", "no"],
      ["security", "never"],
    ] as const) {
      const connectionId = olds.members[getOrgId(key)]?.id ?? "";
      const what = { kind: "status", status: 400, body: { errors: [reason] } } as const;
      sandbox().fail({ on: { route: "deleteConnection", connectionId }, moment: "before", what });
    }
    const error = await catchError(deleteSet(createOperation(sandbox()), olds));
    expect(error.happened).toMatch(
      /^2 deletions of members failed or were skipped\. .* Other deletions failed for 1 other reason\.$/,
    );
    expect(error.message).toContain("(DELETE /api/v2/org_connections/{id}: 400)");
  });

  test("counts skipped deletions in an outage too", async () => {
    const connections = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`source-${at + 1}`, ["logs"]]),
    );
    const olds = await createDeclaredSet(many(), connections);
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    many().fail({ on: { route: "deleteConnection" }, times: Infinity, moment: "before", what });
    const error = await catchError(deleteSet(createOperation(many()), olds));
    expect(error.message).toContain("100 deletions of members failed or were skipped");
    expect(error.message).toMatch(/\d+ of the deletions were skipped after too many consecutive failures/);
    expect(countCalls(many(), "deleteConnection")).toBeLessThan(64);
    expect(many().listConnections()).toHaveLength(100);
  });

  test("is refused with another organization's credentials", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    const payments = createEntry(sandbox(), "checkout");
    const error = await catchError(
      deleteSet(createOperation(sandbox(), { organizations: { payments } }), olds),
    );
    expect(error.code).toBe("wrong-organization");
  });
});
