import { describe, expect, test } from "vitest";
import { withoutUndefined } from "../../../core/src/api/defined.js";
import { update } from "../../../core/src/index.js";
import { count, declared, entryOf, failureOf, operation, useSandbox, writes } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const made = () => declared(sandbox(), "payments", "observability");
const wanted = (connectionTypes: string[]) => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: [...connectionTypes].sort(),
});

describe("an update with a request", () => {
  test("changes the types in place by one PATCH", async () => {
    const { connectionId, recorded } = await made();
    await update(operation(sandbox()), connectionId, recorded, wanted(["metrics", "logs"]));
    expect(sandbox().connections()).toMatchObject([
      { id: connectionId, connectionTypes: ["logs", "metrics"] },
    ]);
    expect(writes(sandbox())).toBe(1);
  });

  test("keeps the names, which its answer lacks, and everything else", async () => {
    const { connectionId, recorded } = await made();
    const after = await update(operation(sandbox()), connectionId, recorded, wanted(["metrics"]));
    expect(recorded).toHaveProperty("sinkOrgName", "Acme Observability");
    expect(after).toEqual({ ...recorded, connectionTypes: ["metrics"] });
  });

  test("takes types under management that Datadog chose before", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability", {});
    const after = await update(operation(sandbox()), connectionId, recorded, wanted(["audit"]));
    expect(withoutUndefined(after)).not.toHaveProperty("unmanagedTypes");
    expect(after.connectionTypes).toEqual(["audit"]);
  });
});

describe("an update without a request", () => {
  test.each([
    ["reason", { reason: "SEC-2" }],
    ["adopt", { adopt: true }],
    ["source, to another name of the organization", { source: "renamed" }],
  ])("of %s is recorded", async (_, change) => {
    const { connectionId, recorded } = await made();
    const organizations = { renamed: entryOf(sandbox(), "payments") };
    const world = operation(sandbox(), { organizations });
    const after = await update(world, connectionId, recorded, { ...wanted(["logs"]), ...change });
    expect(after).toEqual({ ...recorded, ...change });
    expect(sandbox().requests).toEqual([]);
  });

  test("of types named for the first time, as they are", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability", {});
    const after = await update(operation(sandbox()), connectionId, recorded, wanted(["logs"]));
    expect(withoutUndefined(after)).not.toHaveProperty("unmanagedTypes");
    expect(sandbox().requests).toEqual([]);
  });

  test("of a reason that is no longer given leaves it out of the state", async () => {
    const { connectionId, recorded } = await made();
    const olds = { ...recorded, reason: "SEC-1" };
    const after = await update(operation(sandbox()), connectionId, olds, wanted(["logs"]));
    expect(withoutUndefined(after)).not.toHaveProperty("reason");
  });
});

describe("an update of a connection that is gone", () => {
  test("says so, and how to create it again", async () => {
    const { connectionId, recorded } = await made();
    sandbox().disconnect(connectionId);
    const error = await failureOf(update(operation(sandbox()), connectionId, recorded, wanted(["metrics"])));
    expect(error).toMatchObject({ code: "connection-missing", facts: { status: 404 } });
    expect(error.message).toContain(connectionId);
    expect(error.message).toContain("pulumi up --refresh");
  });

  test("names the pair's new id when somebody else made it anew", async () => {
    const { connectionId, recorded } = await made();
    const world = operation(sandbox());
    await world.session("payments").listing();
    sandbox().disconnect(connectionId);
    const newId = sandbox().connect({ source: "payments", sink: "observability" });
    const error = await failureOf(update(world, connectionId, recorded, wanted(["metrics"])));
    expect(error.code).toBe("connection-missing");
    expect(error.message).toContain(newId);
    expect(sandbox().connections()).toMatchObject([{ id: newId, connectionTypes: ["logs"] }]);
  });
});

describe("an update is not sent", () => {
  test.each(["checkout", "globex-shop"])("with the keys of %s", async (stranger) => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), stranger) };
    const world = operation(sandbox(), { organizations });
    const error = await failureOf(update(world, connectionId, recorded, wanted(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(writes(sandbox())).toBe(0);
  });

  test("with the keys of the sink, which may not", async () => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), "observability") };
    const world = operation(sandbox(), { organizations });
    const error = await failureOf(update(world, connectionId, recorded, wanted(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(writes(sandbox())).toBe(0);
  });

  test("with keys of which nobody can tell whose they are", async () => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), "readonly") };
    const world = operation(sandbox(), { organizations });
    const error = await failureOf(update(world, connectionId, recorded, wanted(["metrics"])));
    expect(error.code).toBe("organization-unproven");
    expect(writes(sandbox())).toBe(0);
  });

  test("when the configured id is another organization's", async () => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), "payments", { id: idOf("checkout") }) };
    const world = operation(sandbox(), { organizations });
    const error = await failureOf(update(world, connectionId, recorded, wanted(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(writes(sandbox())).toBe(0);
  });
});

test("many updates of one organization prove its keys once", async () => {
  const all = await Promise.all(
    ["observability", "security", "checkout"].map((sink) => declared(sandbox(), "payments", sink)),
  );
  sandbox().clearRequests();
  const world = operation(sandbox());
  for (const { connectionId, recorded } of all) {
    const news = { source: "payments", sinkOrgId: recorded.sinkOrgId, connectionTypes: ["audit"] };
    await update(world, connectionId, recorded, news);
  }
  expect(count(sandbox(), "listConnections") + count(sandbox(), "listOrganizations")).toBe(1);
  expect(count(sandbox(), "updateConnection")).toBe(3);
});
