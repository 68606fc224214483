import { describe, expect, test } from "vitest";
import { create, remove } from "../../../core/src/index.js";
import { sentinels } from "../../../sandbox/src/index.js";
import { calls, count, failureOf, operation, useSandbox, writes } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const wanted = () => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: ["logs", "metrics"],
});
const existing = (connectionTypes = ["logs"], source = "payments") =>
  sandbox().connect({ source, sink: "observability", connectionTypes });

describe("a pair that exists, without `adopt`", () => {
  test("is an error that names the sink, the id and its types, and changes nothing", async () => {
    const id = existing(["audit", "logs"]);
    const error = await failureOf(create(operation(sandbox()), wanted()));
    expect(error).toMatchObject({ code: "pair-exists", facts: { status: 409 } });
    expect(error.message).toContain("Acme Observability");
    expect(error.message).toContain(`${id} (audit, logs)`);
    expect(sandbox().connections()).toMatchObject([{ id, connectionTypes: ["audit", "logs"] }]);
    expect(writes(sandbox())).toBe(1);
  });

  test("tells the ways on in this order: aliases, deleteBeforeReplace, adopt", async () => {
    existing();
    const { message } = await failureOf(create(operation(sandbox()), wanted()));
    const places = ["aliases", "deleteBeforeReplace: true", "adopt: true"].map((way) => message.indexOf(way));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test("is found among other pairs with the same sink or source", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "observability", sink: "payments" });
    const id = existing();
    expect((await failureOf(create(operation(sandbox()), wanted()))).message).toContain(id);
  });

  test("`adopt: false` is no adoption", async () => {
    existing();
    const error = await failureOf(create(operation(sandbox()), { ...wanted(), adopt: false }));
    expect(error.code).toBe("pair-exists");
  });

  test("is not taken from an old listing: one is read after the refusal", async () => {
    const world = operation(sandbox());
    await world.session("payments").listing();
    const id = existing();
    expect((await failureOf(create(world, wanted()))).message).toContain(id);
  });
});

describe("a pair that exists, with `adopt`", () => {
  test("is taken over and brought in line by one PATCH when its types differ", async () => {
    const id = existing(["audit"]);
    const { connectionId, recorded } = await create(operation(sandbox()), { ...wanted(), adopt: true });
    expect(connectionId).toBe(id);
    expect(sandbox().connections()).toMatchObject([{ id, connectionTypes: ["logs", "metrics"] }]);
    expect(count(sandbox(), "updateConnection")).toBe(1);
    expect(recorded).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: sandbox().connections()[0]?.createdAt,
      adopt: true,
    });
  });

  test("is not written to when its types are as declared, order aside", async () => {
    const id = existing(["metrics", "logs"]);
    expect((await create(operation(sandbox()), { ...wanted(), adopt: true })).connectionId).toBe(id);
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("keeps its types when the program does not manage them", async () => {
    existing(["audit", "metrics"]);
    const { source, sinkOrgId } = wanted();
    const { recorded } = await create(operation(sandbox()), { source, sinkOrgId, adopt: true });
    expect(recorded).toMatchObject({ connectionTypes: ["audit", "metrics"], unmanagedTypes: true });
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("keeps its creator", async () => {
    const createdBy = { ...sandbox().organization("security").user, name: "Somebody" };
    sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { recorded } = await create(operation(sandbox()), { ...wanted(), adopt: true });
    expect(recorded.createdBy).toBe(createdBy.id);
  });

  test("a new pair is created as ever", async () => {
    await create(operation(sandbox()), { ...wanted(), adopt: true });
    expect(calls(sandbox())).not.toContain("updateConnection");
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("no create is sent for what was there before", async () => {
    existing(["logs", "metrics"]);
    await create(operation(sandbox()), { ...wanted(), adopt: true });
    expect(writes(sandbox())).toBe(0);
  });

  test("keys that may only read are enough when its types are as declared", async () => {
    const id = existing(["logs", "metrics"]);
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().setPermissions("payments", ["org_connections_read"]);
    expect((await create(operation(sandbox()), { ...wanted(), adopt: true })).connectionId).toBe(id);
  });

  test("what has gone since it was seen is created", async () => {
    let at = 0;
    const world = operation(sandbox(), { now: () => at });
    const before = existing();
    await world.session("payments").baseline();
    sandbox().disconnect(before);
    at += 61_000;
    const { connectionId } = await create(world, { ...wanted(), adopt: true });
    expect(connectionId).not.toBe(before);
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
  });

  test("what this operation is ending is not taken over unasked", async () => {
    const id = existing();
    const world = operation(sandbox());
    world.ended.add(id);
    expect((await failureOf(create(world, { ...wanted(), adopt: true }))).code).toBe("pair-exists");
    expect(count(sandbox(), "createConnection")).toBeGreaterThan(0);
  });

  test("a row that keys show, of which nobody can tell whose they are, is not taken over unasked", async () => {
    existing(["logs", "metrics"]);
    sandbox().setPermissions("observability", ["org_connections_read"]);
    const news = { ...wanted(), source: "observability", adopt: true };
    expect((await failureOf(create(operation(sandbox()), news))).code).toBe("forbidden");
  });

  test("a refusal without such a connection adopts nothing", async () => {
    existing();
    const news = { ...wanted(), sinkOrgId: sentinels.conflict, adopt: true };
    const error = await failureOf(create(operation(sandbox()), news));
    expect(error.code).toBe("pair-exists");
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("another organization's connection to the same sink is never taken", async () => {
    existing(["audit"], "checkout");
    const what = { kind: "status", status: 409 } as const;
    sandbox().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what });
    const error = await failureOf(create(operation(sandbox()), { ...wanted(), adopt: true }));
    expect(error.code).toBe("pair-exists");
    expect(sandbox().connections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });
});

describe("an id that this operation took over", () => {
  test("is not deleted by another resource's end in the same operation, and the output says so", async () => {
    const id = existing();
    const world = operation(sandbox());
    const { recorded } = await create(world, { ...wanted(), adopt: true });
    sandbox().clearRequests();
    await remove(world, id, recorded);
    expect(sandbox().connections()).toHaveLength(1);
    expect(sandbox().requests).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(new RegExp(`${id}.*was not deleted.*took it over`)),
    ]);
  });

  test("can be deleted in the next operation", async () => {
    const id = existing();
    const { recorded } = await create(operation(sandbox()), { ...wanted(), adopt: true });
    await remove(operation(sandbox()), id, recorded);
    expect(sandbox().connections()).toEqual([]);
  });
});
