/** Both resources over the protocol of the engine, against the sandbox. */
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../core/src/connection/types.js";
import { useSandbox } from "../sandbox/harness.js";
import { type ResourceType, configure, openResource, parsePartialState, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
const open = async (type: ResourceType, name = "hub") =>
  openResource(await configure(await startPlugin(), sandbox()), type, name);
const countWrites = () => sandbox().requests.filter(({ method }) => method !== "GET").length;
const single = { source: "payments", sinkOrgId: HUB, connectionTypes: ["logs"] };
const set = { source: "payments", connections: { [HUB]: ["logs"] } };
const refusal = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
const UNCHANGED = {
  changes: false,
  replaces: [],
  detailed: {},
  diffs: [],
  stables: [],
  deleteBeforeReplace: false,
};

describe("a single connection", () => {
  test("lives from check to delete", async () => {
    const resource = await open("OrgConnection");
    const { inputs } = await resource.check({ ...single, connectionTypes: ["Metrics", "logs"] });
    expect(inputs).toEqual({ ...single, connectionTypes: ["logs", "metrics"] });
    const created = await resource.create(inputs);
    expect(created.outputs).toEqual({
      ...inputs,
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: expect.any(String) as string,
      createdBy: expect.any(String) as string,
    });
    expect(await resource.read(created)).toEqual(created);
    expect(await resource.diff(created, inputs)).toEqual(UNCHANGED);
    const updated = await resource.update(created, { ...inputs, reason: "SEC-1" });
    expect(updated.outputs).toEqual({ ...created.outputs, reason: "SEC-1" });
    const destroying = await open("OrgConnection");
    await destroying.delete(updated);
    expect(sandbox().listConnections()).toEqual([]);
    expect(await destroying.read(updated)).toEqual({ id: "", inputs: {}, outputs: {} });
  });

  test("has a difference for each type, and for what replaces it", async () => {
    const resource = await open("OrgConnection");
    const created = await resource.declare({ ...single, connectionTypes: ["logs", "metrics"] });
    expect(
      await resource.diff(created, { ...single, connectionTypes: ["audit", "logs"], reason: "x" }),
    ).toEqual({
      ...UNCHANGED,
      changes: true,
      detailed: {
        "connectionTypes[0]": "ADD",
        "connectionTypes[1]": "DELETE",
        reason: "ADD",
      },
      diffs: ["connectionTypes", "reason"],
      stables: ["id", "sinkOrgId", "sourceOrgId", "createdAt", "createdBy"],
      deleteBeforeReplace: true,
    });
    expect(
      await resource.diff(created, { ...created.inputs, sinkOrgId: SECURITY, source: "checkout" }),
    ).toEqual({
      ...UNCHANGED,
      changes: true,
      replaces: ["sinkOrgId", "source"],
      detailed: { sinkOrgId: "UPDATE_REPLACE", source: "UPDATE_REPLACE" },
      diffs: ["sinkOrgId", "source"],
    });
  });

  test("keeps unknown inputs unknown in a preview", async () => {
    const resource = await open("OrgConnection");
    const news = { source: "payments", sinkOrgId: UNKNOWN, connectionTypes: UNKNOWN, adopt: UNKNOWN };
    const { inputs, failures } = await resource.check(news);
    expect({ inputs, failures }).toEqual({ inputs: news, failures: [] });
    const { id, outputs } = await resource.create(inputs, { preview: true });
    expect(id).toBe("");
    expect(outputs).toEqual({
      ...news,
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: UNKNOWN,
      createdAt: UNKNOWN,
      createdBy: UNKNOWN,
    });
  });

  test("shows in a preview what it will adopt, and what an update keeps", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const resource = await open("OrgConnection");
    const { inputs } = await resource.check({ ...single, adopt: true });
    const planned = await resource.create(inputs, { preview: true });
    expect(planned.id).toBe(id);
    const created = await resource.create(inputs);
    expect(created).toEqual(planned);
    const news = { ...inputs, connectionTypes: ["logs", "metrics"] };
    expect(await resource.update(created, news, { preview: true })).toEqual(
      await resource.update(created, news),
    );
  });

  test("that moved by an alias has no write and no difference", async () => {
    const created = await (await open("OrgConnection", "old")).declare(single);
    const writes = countWrites();
    const renamed = await open("OrgConnection", "new");
    expect((await renamed.check(single, created.inputs)).failures).toEqual([]);
    expect(await renamed.diff(created, single)).toEqual(UNCHANGED);
    expect(countWrites()).toBe(writes);
  });
});

describe("a set", () => {
  test("lives from check to delete", async () => {
    const resource = await open("OrgConnectionSet");
    const created = await resource.declare(set);
    expect(created.id).toBe(getOrgId("payments"));
    expect(await resource.read(created)).toEqual(created);
    expect(await resource.diff(created, set)).toEqual(UNCHANGED);
    const news = { ...set, connections: { [SECURITY]: ["audit"] } };
    const next = await open("OrgConnectionSet");
    const { inputs } = await next.check(news, set);
    const planned = await next.update(created, inputs, { preview: true });
    expect(planned.outputs["members"]).toEqual({
      [SECURITY]: { id: UNKNOWN, sinkOrgName: "Acme Security", createdAt: UNKNOWN, createdBy: UNKNOWN },
    });
    const updated = await next.update(created, news);
    expect(sandbox().listConnections()).toHaveLength(1);
    await resource.delete(updated);
    expect(sandbox().listConnections()).toEqual([]);
  });

  test("has a difference for each destination and type", async () => {
    const resource = await open("OrgConnectionSet");
    const created = await resource.declare({
      ...set,
      connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] },
    });
    const news = { ...set, connections: { [HUB]: ["metrics"], [getOrgId("search")]: ["logs"] }, adopt: true };
    expect(await resource.diff(created, news)).toEqual({
      ...UNCHANGED,
      changes: true,
      detailed: {
        [`connections["${HUB}"][0]`]: "UPDATE",
        [`connections["${getOrgId("search")}"]`]: "ADD",
        [`connections["${SECURITY}"]`]: "DELETE",
        adopt: "ADD",
      },
      diffs: ["connections", "adopt"],
      stables: ["id", "sourceOrgId"],
      deleteBeforeReplace: true,
    });
    expect(await resource.diff(created, { ...created.inputs, source: "checkout" })).toMatchObject({
      replaces: ["source"],
      detailed: { source: "UPDATE_REPLACE" },
      stables: [],
      deleteBeforeReplace: false,
    });
  });

  test("shows the deletion of what is undeclared, from the state until a refresh", async () => {
    const resource = await open("OrgConnectionSet");
    const exclusive = { ...set, exclusive: true };
    sandbox().connect({ source: "payments", sink: "security" });
    const created = await resource.declare(exclusive);
    const path = `connections["${SECURITY}"]`;
    expect((await resource.diff(created, exclusive)).detailed).toEqual({ [path]: "DELETE from the state" });
    expect((await resource.diff(await resource.read(created), exclusive)).detailed).toEqual({
      [path]: "DELETE",
    });
  });

  test.each(["*", "connections", `connections["${SECURITY}"]`, `connections.${SECURITY}`])(
    "does not delete an undeclared connection with ignoreChanges: %s",
    async (path) => {
      const resource = await open("OrgConnectionSet");
      const exclusive = { ...set, exclusive: true };
      sandbox().connect({ source: "payments", sink: "security" });
      const refreshed = await resource.read(await resource.declare(exclusive));
      // The engine replaces ignored inputs by the old ones, which have the undeclared connection.
      for (const news of [exclusive, refreshed.inputs]) {
        expect(await resource.diff(refreshed, news, [path])).toEqual(UNCHANGED);
        const reason = { ...news, reason: "x" };
        await resource.check(reason, refreshed.inputs);
        const updated = await resource.update(refreshed, reason, { ignoreChanges: [path] });
        expect(updated.outputs["undeclared"]).toEqual(refreshed.outputs["undeclared"]);
      }
      expect(sandbox().listConnections()).toHaveLength(2);
      expect((await resource.diff(refreshed, exclusive, [`connections["${HUB}"]`])).changes).toBe(true);
    },
  );

  test("that is exclusive deletes an undeclared connection that a `get` reads", async () => {
    const plugin = await configure(await startPlugin(), sandbox());
    const resource = openResource(plugin, "OrgConnectionSet", "all");
    const exclusive = { ...set, exclusive: true };
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const created = await resource.declare(exclusive);
    const reader = openResource(plugin, "OrgConnection", "security");
    expect((await reader.read({ id, inputs: {}, outputs: {} })).id).toBe(id);
    const { detailed } = await resource.diff(created, exclusive);
    expect(detailed).toEqual({ [`connections["${SECURITY}"]`]: "DELETE from the state" });
    await resource.update(created, exclusive);
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("that fails in part keeps what is live, and the next difference shows the rest", async () => {
    const resource = await open("OrgConnectionSet");
    const news = { ...set, connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] } };
    const { inputs } = await resource.check(news);
    sandbox().fail({ on: { sinkOrgId: SECURITY }, moment: "before", what: refusal });
    const partial = parsePartialState(await resource.create(inputs).catch((error: unknown) => error));
    if (!partial) throw new Error("the engine would keep nothing");
    expect(partial).toMatchObject({ id: getOrgId("payments"), inputs: news });
    expect(partial.reasons).toEqual([expect.stringMatching(/^For destination .*\[bad-request\]$/s)]);
    expect(Object.keys(partial.outputs["members"] as object)).toEqual([HUB]);
    const difference = await resource.diff(partial, news);
    expect(difference.detailed).toEqual({ [`connections["${SECURITY}"]`]: "ADD from the state" });
    sandbox().fail({ on: { route: "updateConnection" }, moment: "before", what: refusal });
    const types = { ...set, connections: { [HUB]: ["audit"] } };
    const error: unknown = await resource.update(partial, types).catch((reason: unknown) => reason);
    expect(parsePartialState(error)).toMatchObject({
      id: getOrgId("payments"),
      inputs: types,
      outputs: { connections: { [HUB]: ["logs"] } },
    });
  });

  test("that fails before any write keeps nothing", async () => {
    const resource = await open("OrgConnectionSet");
    sandbox().fail({ moment: "before", what: refusal, times: Infinity });
    const error: unknown = await resource.create(set).catch((reason: unknown) => reason);
    expect(parsePartialState(error)).toBeUndefined();
    expect(String(error)).toContain("[bad-request]");
  });
});

describe("the option replaceOnChanges, which turns an update into a replacement", () => {
  test.each([
    { type: "OrgConnection", inputs: single, change: { connectionTypes: ["audit"] } },
    { type: "OrgConnectionSet", inputs: set, change: { connections: { [HUB]: ["audit"] } } },
  ] as const)(
    "deletes the $type first, because both have the same pair",
    async ({ type, inputs, change }) => {
      const created = await (await open(type)).declare({ ...inputs });
      const resource = await open(type);
      const news = { ...inputs, ...change };
      expect((await resource.check(news, created.inputs)).failures).toEqual([]);
      expect((await resource.diff(created, news)).deleteBeforeReplace).toBe(true);
      // The engine checks a replacement without the old inputs.
      expect((await resource.check(news)).failures).toEqual([]);
      await resource.delete(created);
      expect(sandbox().listConnections()).toEqual([]);
      await resource.create(news);
      expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
    },
  );

  test("does not delete a connection that another resource manages too", async () => {
    const created = await (await open("OrgConnection")).declare(single);
    const plugin = await configure(await startPlugin(), sandbox());
    const [one, other] = ["one", "other"].map((name) => openResource(plugin, "OrgConnection", name));
    if (!one || !other) throw new Error("no resource");
    await one.check(single, created.inputs);
    for (const resource of [one, other]) await resource.diff(created, { ...single, reason: "x" });
    await one.check({ ...single, reason: "x" });
    await one.delete(created);
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});

describe("a deletion that an interrupted replacement left", () => {
  test.each([
    { type: "OrgConnection", inputs: single },
    { type: "OrgConnectionSet", inputs: set },
  ] as const)("does not delete what the new $type has adopted", async ({ type, inputs }) => {
    const created = await (await open(type)).declare({ ...inputs });
    for (const reason of [undefined, "SEC-1"]) {
      const resource = await open(type);
      const news = { ...inputs, ...(reason !== undefined && { reason }) };
      await resource.check(news, created.inputs);
      const { changes } = await resource.diff(created, news);
      expect(changes).toBe(reason !== undefined);
      if (changes) await resource.update(created, news);
      // It has the same URN.
      await resource.delete(created);
      expect(sandbox().listConnections()).toHaveLength(1);
    }
  });
});

describe("customTimeouts", () => {
  test("end a create, an update and a delete before their next write", async () => {
    const resource = await open("OrgConnection");
    const { inputs } = await resource.check(single);
    const created = await resource.create(inputs, { timeout: 60 });
    const writes = countWrites();
    const refusal = /timeout of this resource .* ended before this change.*\[deadline-exceeded\]/s;
    const timeout = 1e-9;
    await expect(
      resource.update(created, { ...inputs, connectionTypes: ["audit"] }, { timeout }),
    ).rejects.toThrow(refusal);
    await expect(resource.delete(created, timeout)).rejects.toThrow(refusal);
    await expect(resource.create({ ...inputs, sinkOrgId: SECURITY }, { timeout })).rejects.toThrow(refusal);
    expect(countWrites()).toBe(writes);
  });

  test("of a set leave what was created in the state", async () => {
    const resource = await open("OrgConnectionSet");
    const error: unknown = await resource.create(set, { timeout: 1e-9 }).catch((reason: unknown) => reason);
    expect(parsePartialState(error)?.reasons).toEqual([expect.stringContaining("[deadline-exceeded]")]);
    expect(countWrites()).toBe(0);
  });
});
