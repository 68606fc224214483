import { describe, expect, test } from "vitest";
import type { Listing } from "../../../core/src/api/paging.js";
import type { Connection } from "../../../core/src/api/parse.js";
import { isOurs } from "../../../core/src/connection/attribution.js";
import { check, create, diff, remove } from "../../../core/src/index.js";
import { CONNECTION, count, declared, entryOf, failureOf, NOBODY, useSandbox, writes } from "./operation.js";
import { quick } from "./quick.js";
import { pairKey } from "../../../core/src/operation/world.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const wanted = (sink = "observability") => ({
  source: "payments",
  sinkOrgId: idOf(sink),
  connectionTypes: ["logs", "metrics"],
});
const posts = () => count(sandbox(), "createConnection");
/** The next create does nothing, and its answer is lost. */
const loseOne = (times = 1) =>
  sandbox().fail({ on: { route: "createConnection" }, times, moment: "before", what: { kind: "reset" } });

describe("a connection that is live after a lost create is ours", () => {
  const BEGUN = Date.parse("2026-03-01T12:00:00Z");
  const at = (ms: number) => new Date(BEGUN + ms).toISOString().replace("Z", "000+00:00");
  const live = (more: Partial<Connection> = {}): Connection => ({
    id: CONNECTION,
    source: { id: "a" },
    sink: { id: "b" },
    createdBy: { id: "us" },
    createdAt: at(500),
    connectionTypes: ["logs"],
    ...more,
  });
  const baseline = (connections: Connection[] = []): Listing => ({ connections, date: BEGUN });
  const undated: Listing = { connections: [] };
  const without = (...names: (keyof Connection)[]) =>
    Object.fromEntries(Object.entries(live()).filter(([name]) => !names.includes(name as keyof Connection)));

  test.each<[string, boolean, Connection, Listing, string | undefined, string[]?]>([
    ["when it is new, later, and made by us", true, live(), baseline(), "us"],
    ["when its creator is not told", true, without("createdBy") as unknown as Connection, baseline(), "us"],
    ["when nobody knows who we are", true, live({ createdBy: { id: "them" } }), baseline(), undefined],
    ["when it was made in the second of the listing", true, live({ createdAt: at(0) }), baseline(), "us"],
    [
      "when it was made a second before, since a Date is rounded",
      true,
      live({ createdAt: at(-1000) }),
      baseline(),
      "us",
    ],
    [
      "when other pairs were there before",
      true,
      live(),
      baseline([live({ sink: { id: "c" } }), live({ source: { id: "b" }, sink: { id: "a" } })]),
      "us",
    ],
    ["not when somebody else made it", false, live({ createdBy: { id: "them" } }), baseline(), "us"],
    ["not when its pair was there before", false, live(), baseline([live()]), "us"],
    [
      "not when its pair was there before under another id",
      false,
      live(),
      baseline([live({ id: NOBODY })]),
      "us",
    ],
    [
      "not when it was made more than a second before",
      false,
      live({ createdAt: at(-1001) }),
      baseline(),
      "us",
    ],
    [
      "not when it was made an hour before",
      false,
      live({ createdAt: at(-3_600_000) }),
      baseline(),
      undefined,
    ],
    ["not when the listing before had no Date", false, live(), undated, "us"],
    ["not when its time cannot be read", false, live({ createdAt: "yesterday" }), baseline(), "us"],
    ["not when its source is not told", false, without("source") as unknown as Connection, baseline(), "us"],
    ["not when its sink is not told", false, without("sink") as unknown as Connection, baseline(), "us"],
    ["when it has the types that were sent", true, live(), baseline(), "us", ["logs"]],
    ["not when it has other types", false, live(), baseline(), "us", ["audit"]],
    ["not when it has fewer types", false, live(), baseline(), undefined, ["audit", "logs"]],
  ])("%s: %s", (_, ours, connection, before, user, sent) => {
    expect(isOurs(connection, before, user, sent, new Set())).toBe(ours);
  });

  test.each<[string, boolean, string, string[]]>([
    ["when this operation has ended the one of its pair that was there before", true, NOBODY, [NOBODY]],
    ["not when this operation has ended another one", false, NOBODY, ["another"]],
    ["not when it is the very one that was to be ended", false, CONNECTION, [CONNECTION]],
  ])("%s: %s", (_, ours, id, ended) => {
    expect(isOurs(live(), baseline([live({ id })]), "us", undefined, new Set(ended))).toBe(ours);
  });
});

test("what is made of a pair that this operation has just ended is ours, though the answer is lost", async () => {
  const before = sandbox().connect({ source: "payments", sink: "observability" });
  const world = quick(sandbox());
  await world.session("payments").baseline();
  sandbox().disconnect(before);
  world.ended.add(before);
  sandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
  const { connectionId } = await create(world, wanted());
  expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
  expect(connectionId).not.toBe(before);
});

describe("a rival who connects the same pair during our lost create", () => {
  const rival = () => sandbox().organization("security").user;
  /** The create to the security organization before tells who we are. */
  async function lostToRival(more: { adopt?: boolean } = {}, adoptAll = false, connectionTypes = ["audit"]) {
    let id = "";
    const world = quick(sandbox(), {
      adoptAll,
      meanwhile: (call, number) => {
        if (call !== "create" || number !== 2) return;
        id = sandbox().connect({
          source: "payments",
          sink: "observability",
          connectionTypes,
          createdBy: rival(),
        });
      },
    });
    await create(world, wanted("security"));
    loseOne();
    sandbox().clearRequests();
    const made = await create(world, { ...wanted(), ...more }).catch((error: unknown) => error);
    return { id, made, world };
  }
  const typesOf = (id: string) =>
    sandbox()
      .connections()
      .find((row) => row.id === id)?.connectionTypes;

  test("is not taken over without `adopt`: the error names the id and the creator", async () => {
    const { id, made } = await lostToRival();
    expect(made).toMatchObject({ code: "pair-exists" });
    expect((made as Error).message).toContain(`${id} (audit), made by ${rival().name}`);
    expect(typesOf(id)).toEqual(["audit"]);
    expect(posts()).toBe(1);
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("is not taken for ours when its types are the same", async () => {
    const { id, made } = await lostToRival({}, false, ["logs", "metrics"]);
    expect(made).toMatchObject({ code: "pair-exists" });
    expect((made as Error).message).toContain(id);
  });

  test.each([
    ["`adopt`", { adopt: true }, false],
    ["adoption for one run", {}, true],
  ])("is taken over with %s, and kept", async (_, more, adoptAll) => {
    const { id, made, world } = await lostToRival(more, adoptAll);
    expect(made).toMatchObject({ connectionId: id, recorded: { createdBy: rival().id } });
    expect(typesOf(id)).toEqual(["logs", "metrics"]);
    expect(world.kept.get(id)).toContain("took it over");
  });

  test("before anything told who we are: other types than ours are no work of ours", async () => {
    const world = quick(sandbox(), {
      meanwhile: (call, number) => {
        if (call !== "create" || number !== 1) return;
        const row = { source: "payments", sink: "observability", createdBy: rival() };
        sandbox().connect({ ...row, connectionTypes: ["audit"] });
      },
    });
    loseOne();
    expect((await failureOf(create(world, wanted()))).code).toBe("pair-exists");
    expect(sandbox().connections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });

  test("and whose connection was there before us is not ours either: 409 after a lost try", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", createdBy: rival() });
    loseOne();
    const error = await failureOf(create(quick(sandbox()), wanted()));
    expect(error.code).toBe("pair-exists");
    expect(error.message).toContain(id);
    expect(typesOf(id)).toEqual(["logs"]);
  });

  test("of another organization with the same sink is no answer to our lost create", async () => {
    const world = quick(sandbox(), {
      meanwhile: (call, number) => {
        if (call === "create" && number === 1)
          sandbox().connect({ source: "checkout", sink: "observability" });
      },
    });
    loseOne();
    const { connectionId } = await create(world, wanted());
    expect(sandbox().connections()).toContainEqual(
      expect.objectContaining({ id: connectionId, sourceOrgId: idOf("payments") }),
    );
    expect(posts()).toBe(2);
  });
});

test("a 409 to an organization that would be its own sink takes nothing over of those that share with it", async () => {
  const id = sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["audit"] });
  const what = { kind: "status", status: 409 } as const;
  sandbox().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what });
  const world = quick(sandbox(), { adoptAll: true });
  expect((await failureOf(create(world, wanted("payments")))).code).toBe("pair-exists");
  expect(world.kept.has(id)).toBe(false);
  expect(count(sandbox(), "updateConnection")).toBe(0);
});

test("a 409 without a lost try is somebody else's, even when it was made a moment ago by our own user", async () => {
  const world = quick(sandbox());
  await world.session("payments").baseline();
  const id = sandbox().connect({
    source: "payments",
    sink: "observability",
    connectionTypes: ["logs", "metrics"],
  });
  const error = await failureOf(create(world, wanted()));
  expect(error.code).toBe("pair-exists");
  expect(error.message).toContain(id);
});

describe("a pair that this operation has ended itself", () => {
  test("was not there before: a lost create of it is ours", async () => {
    const { connectionId: old, recorded } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox());
    await world.session("payments").baseline();
    await remove(world, old, recorded);
    sandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
    const { connectionId } = await create(world, wanted());
    expect(connectionId).not.toBe(old);
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
  });

  test("is never taken over while it is being ended, not even with `adopt`", async () => {
    const { connectionId } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox(), { adoptAll: true });
    world.ended.add(connectionId);
    const error = await failureOf(create(world, { ...wanted(), adopt: true }));
    expect(error.code).toBe("pair-exists");
    expect(posts()).toBe(3);
    expect(world.kept.has(connectionId)).toBe(false);
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("is created anew as soon as it is gone", async () => {
    const { connectionId: old } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox(), {
      meanwhile: (call, number) => {
        if (call === "create" && number === 1) sandbox().disconnect(old);
      },
    });
    world.ended.add(old);
    const { connectionId } = await create(world, { ...wanted(), adopt: true });
    expect(connectionId).not.toBe(old);
    expect(posts()).toBe(2);
  });

  test("is marked as ended by a deletion, also of one that was gone", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox());
    await remove(world, connectionId, recorded);
    await remove(world, connectionId, recorded);
    expect(world.ended.has(connectionId)).toBe(true);
  });
});

describe("adoption for one run", () => {
  const existing = () =>
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });

  test("takes an existing pair over whatever the program says, and leaves no mark in the state", async () => {
    const id = existing();
    const { connectionId, recorded } = await create(quick(sandbox(), { adoptAll: true }), {
      ...wanted(),
      adopt: false,
    });
    expect(connectionId).toBe(id);
    expect(recorded).toMatchObject({ adopt: false, connectionTypes: ["logs", "metrics"] });
  });

  test("does not let the pair be deleted in the same operation", async () => {
    const id = existing();
    const world = quick(sandbox(), { adoptAll: true });
    const { recorded } = await create(world, wanted());
    await remove(world, id, recorded);
    expect(sandbox().connections()).toMatchObject([{ id }]);
    expect(world.warnings).toEqual([expect.stringMatching(/was not deleted.*took it over/)]);
  });

  test("creates what is not there, by one write", async () => {
    await create(quick(sandbox(), { adoptAll: true }), wanted());
    expect(writes(sandbox())).toBe(1);
  });
});

describe("an id that is kept", () => {
  test("is not deleted with whatever keys: nothing is asked, not even for keys", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox(), { organizations: { payments: entryOf(sandbox(), "checkout") } });
    world.held.add(pairKey(recorded.source, recorded.sinkOrgId));
    await diff(world, connectionId, recorded, { ...wanted(), connectionTypes: recorded.connectionTypes });
    await remove(world, connectionId, { ...recorded, source: "nobody" });
    expect(sandbox().requests).toEqual([]);
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("does not keep another one", async () => {
    const one = await declared(sandbox(), "payments", "observability");
    const other = await declared(sandbox(), "payments", "security");
    const world = quick(sandbox());
    await diff(world, one.connectionId, one.recorded, wanted());
    await remove(world, other.connectionId, other.recorded);
    expect(sandbox().connections()).toMatchObject([{ id: one.connectionId }]);
  });
});

describe("a pair that a resource of this program has held", () => {
  const held = () => ({ source: "payments", sinkOrgId: idOf("observability") });

  test("is no surprise when check comes again without it, as on a replacement", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const world = quick(sandbox());
    await check(world, held(), { ...held(), sinkOrgId: idOf("security") });
    expect((await check(world, {}, held())).failures).toEqual([]);
  });

  test("says nothing of another pair", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    const world = quick(sandbox());
    await check(world, held(), held());
    const { failures } = await check(world, {}, { ...held(), sinkOrgId: idOf("security") });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("nor of the same sink under another source", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    const world = quick(sandbox());
    await check(world, held(), held());
    const { failures } = await check(world, {}, { ...held(), source: "checkout" });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("is still an error at the apply when nobody adopts it", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const world = quick(sandbox());
    await check(world, held(), held());
    expect((await failureOf(create(world, wanted()))).code).toBe("pair-exists");
  });
});
