import { describe, expect, test, vi } from "vitest";
import { create, remove, update } from "../../../core/src/index.js";
import type { Fault, FaultAction } from "../../../sandbox/src/index.js";
import { count, declared, failureOf, useSandbox } from "./operation.js";
import { quick } from "./quick.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const wanted = () => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: ["logs", "metrics"],
});
const posts = () => count(sandbox(), "createConnection");

/** How an answer gets lost. A hang needs a client that gives up soon. */
const losses: FaultAction[] = [
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "status", status: 500 },
  { kind: "status", status: 502 },
  { kind: "status", status: 503 },
  { kind: "status", status: 504 },
  { kind: "html" },
  { kind: "html", status: 200 },
  // Refusals and redirects that are not the API's own: what stands in between may have passed the write on.
  { kind: "html", status: 403 },
  { kind: "html", status: 404 },
  { kind: "redirect", location: "https://login.example.com/" },
  { kind: "json", body: { data: [] } },
  { kind: "json", body: "ok" },
  { kind: "huge", bytes: 17 * 1024 * 1024 },
  { kind: "hang" },
];
const world = (what: FaultAction, more: Parameters<typeof quick>[1] = {}) =>
  quick(sandbox(), {
    ...more,
    ...(what.kind === "hang" && { client: { tryTimeoutMs: 400, retry: { tries: 2 } } }),
  });
const lose = (
  route: "createConnection" | "updateConnection" | "deleteConnection",
  what: FaultAction,
  fault: Omit<Partial<Fault>, "on" | "what"> = {},
) => sandbox().fail({ on: { route }, moment: "after", ...fault, what });
/** From now on nobody can look what is live. */
const blind = (skip = 0) =>
  sandbox().fail({
    on: { route: "listConnections" },
    skip,
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 403 },
  });

describe("a create whose answer is lost", () => {
  test.each(losses)("after the write, by $kind $status: its connection is found", async (what) => {
    lose("createConnection", what);
    const { connectionId, recorded } = await create(world(what), wanted());
    const live = sandbox().connections();
    expect(live).toMatchObject([{ id: connectionId, connectionTypes: ["logs", "metrics"] }]);
    expect(recorded).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sourceOrgId: idOf("payments"),
      sinkOrgName: "Acme Observability",
      createdAt: live[0]?.createdAt,
      createdBy: live[0]?.createdBy,
    });
    expect(posts()).toBe(1);
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test.each(losses)("before the write, by $kind $status: it is sent again", async (what) => {
    lose("createConnection", what, { moment: "before" });
    const { connectionId } = await create(world(what), wanted());
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
    expect(posts()).toBe(2);
  });

  test.each(losses)("each time before the write, by $kind $status: three tries at most", async (what) => {
    lose("createConnection", what, { moment: "before", times: Infinity });
    const error = await failureOf(create(world(what), wanted()));
    expect(error.code).toBe("outcome-unknown");
    expect(posts()).toBe(3);
    expect(sandbox().connections()).toEqual([]);
  });

  test("twice before and once after the write: still exactly one", async () => {
    lose("createConnection", { kind: "reset" }, { moment: "before", times: 2 });
    lose("createConnection", { kind: "reset" });
    const { connectionId } = await create(quick(sandbox()), wanted());
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
    expect(posts()).toBe(3);
  });

  test("without types: what Datadog chose is found, and left alone", async () => {
    lose("createConnection", { kind: "reset" });
    const { source, sinkOrgId } = wanted();
    const { connectionId, recorded } = await create(quick(sandbox()), { source, sinkOrgId });
    expect(sandbox().connections()).toMatchObject([{ id: connectionId, connectionTypes: ["logs"] }]);
    expect(recorded.unmanagedTypes).toBe(true);
    expect(count(sandbox(), "updateConnection")).toBe(0);
  });

  test("is found among those of other pairs", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    lose("createConnection", { kind: "truncate" });
    const { connectionId } = await create(quick(sandbox()), wanted());
    const pair = { sourceOrgId: idOf("payments"), sinkOrgId: idOf("observability") };
    expect(sandbox().connections().at(-1)).toMatchObject({ id: connectionId, ...pair });
  });
});

describe("a create that lands late, when its answer has been given up", () => {
  /** The requests on their way have done their work: what is live stays so. */
  const landed = () =>
    vi.waitUntil(() =>
      sandbox()
        .requests.filter(({ route }) => route === "createConnection")
        .every(({ status }) => status !== undefined),
    );

  test("while the next try is on its way: exactly one, and its id", async () => {
    lose("createConnection", { kind: "delay", ms: 700 }, { moment: "before", times: 3 });
    const { connectionId } = await create(quick(sandbox(), { client: { tryTimeoutMs: 500 } }), wanted());
    await landed();
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
    expect(posts()).toBeLessThanOrEqual(3);
  });

  test("between the look and the next try, which then ends in 409: it is ours", async () => {
    lose("createConnection", { kind: "hang" }, { moment: "before" });
    let id: string | undefined;
    // The first list is the baseline, the second the look after the lost answer.
    const meanwhile = (call: string, number: number) => {
      if (call !== "list" || number !== 2) return;
      const { connectionTypes } = wanted();
      id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    };
    const { connectionId } = await create(
      quick(sandbox(), { client: { tryTimeoutMs: 400 }, meanwhile }),
      wanted(),
    );
    expect(connectionId).toBe(id);
    expect(sandbox().connections()).toHaveLength(1);
    expect(posts()).toBe(2);
  });

  test("after all tries: the outcome is unknown, and the next run with adoption has exactly that one", async () => {
    lose("createConnection", { kind: "reset" }, { moment: "before", times: 3 });
    const error = await failureOf(create(quick(sandbox()), wanted()));
    expect(error.code).toBe("outcome-unknown");
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    expect((await failureOf(create(quick(sandbox()), wanted()))).code).toBe("pair-exists");
    expect((await create(quick(sandbox(), { adoptAll: true }), wanted())).connectionId).toBe(id);
    expect(sandbox().connections()).toMatchObject([{ id, connectionTypes: ["logs", "metrics"] }]);
  });
});

describe("an outcome that nobody can find out", () => {
  test("says what was lost, for whom, and how to go on: run again, and adopt once if it exists", async () => {
    lose("createConnection", { kind: "status", status: 502 });
    blind(1);
    const { message, code } = await failureOf(create(quick(sandbox()), wanted()));
    expect(code).toBe("outcome-unknown");
    expect(message).toContain('organization "payments"');
    expect(message).toContain(idOf("observability"));
    expect(message).toContain("the answer to the create was lost");
    expect(message).toContain("502");
    expect(message).toContain("Run `pulumi up` again");
    expect(message).toContain("DATADOG_ORG_CONNECTIONS_ADOPT=true");
    expect(message).not.toMatch(/nothing was changed|was not created|does not exist/i);
  });

  test.each<[string, FaultAction]>([
    ["the listing is refused", { kind: "status", status: 403 }],
    ["the listing is short of its total", { kind: "short-page", drop: 1 }],
    ["the listing is a login page", { kind: "html", status: 200 }],
    ["the listing never comes", { kind: "reset" }],
  ])("because %s: the create is not sent again", async (_, what) => {
    lose("createConnection", { kind: "reset" });
    sandbox().fail({ on: { route: "listConnections" }, skip: 1, times: Infinity, moment: "before", what });
    expect((await failureOf(create(quick(sandbox()), wanted()))).code).toBe("outcome-unknown");
    expect(posts()).toBe(1);
  });

  test("because whose keys these are cannot be asked: nothing is taken over by guess", async () => {
    sandbox().fail({
      on: { route: "listOrganizations" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 500 },
    });
    lose("createConnection", { kind: "reset" });
    expect((await failureOf(create(quick(sandbox()), wanted()))).code).toBe("outcome-unknown");
    expect(posts()).toBe(1);
  });
});

test("a create whose baseline cannot be had is not sent: its lost answer could not be judged", async () => {
  blind();
  expect((await failureOf(create(quick(sandbox()), wanted()))).code).toBe("forbidden");
  expect(posts()).toBe(0);
});

describe("a change whose answer is lost", () => {
  const change = async (what: FaultAction, fault: Omit<Partial<Fault>, "on" | "what">, isBlind = false) => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    lose("updateConnection", what, { times: Infinity, ...fault });
    // The proof of the caller comes before.
    if (isBlind) blind(1);
    return update(world(what), connectionId, recorded, wanted());
  };
  const typesNow = () => sandbox().connections()[0]?.connectionTypes;

  test.each(losses)("after the write, by $kind $status: is a success", async (what) => {
    const recorded = await change(what, { moment: "after" });
    expect(typesNow()).toEqual(["logs", "metrics"]);
    expect(recorded).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sinkOrgName: "Acme Observability",
    });
  });

  test.each(losses)("before the write, by $kind $status: is an error", async (what) => {
    const { message } = await failureOf(change(what, { moment: "before" }));
    expect(typesNow()).toEqual(["logs"]);
    expect(message).not.toMatch(/was changed|is gone/);
  });

  test("after the write, and nobody can look: is an error that claims nothing", async () => {
    const { code, message } = await failureOf(change({ kind: "status", status: 500 }, {}, true));
    expect(code).toBe("server-error");
    expect(message).not.toMatch(/was not changed|nothing was changed/i);
  });

  test("once: the second try makes it", async () => {
    await change({ kind: "reset" }, { times: 1 });
    expect(typesNow()).toEqual(["logs", "metrics"]);
  });
});

describe("a change of types on adoption whose answer is lost", () => {
  const adopt = (what: FaultAction, moment: Fault["moment"]) => {
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    lose("updateConnection", what, { times: Infinity, moment });
    return create(world(what), { ...wanted(), adopt: true });
  };

  test.each(losses)("after the write, by $kind $status: is a success", async (what) => {
    const { connectionId, recorded } = await adopt(what, "after");
    expect(sandbox().connections()).toMatchObject([
      { id: connectionId, connectionTypes: ["logs", "metrics"] },
    ]);
    expect(recorded.connectionTypes).toEqual(["logs", "metrics"]);
  });

  test("before the write: is an error, and nothing changed", async () => {
    await failureOf(adopt({ kind: "reset" }, "before"));
    expect(sandbox().connections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });
});

describe("a deletion whose answer is lost", () => {
  const end = async (what: FaultAction, fault: Omit<Partial<Fault>, "on" | "what">, isBlind = false) => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    lose("deleteConnection", what, { times: Infinity, ...fault });
    if (isBlind) blind(1);
    const operation = world(what);
    return { operation, connectionId, done: remove(operation, connectionId, recorded) };
  };

  test.each(losses)("after the write, by $kind $status: is a success", async (what) => {
    const { operation, done } = await end(what, { moment: "after" });
    await done;
    expect(sandbox().connections()).toEqual([]);
    expect(operation.warnings).toEqual([]);
  });

  test.each(losses)("before the write, by $kind $status: is an error, and it lives", async (what) => {
    const { operation, connectionId, done } = await end(what, { moment: "before" });
    const { message } = await failureOf(done);
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
    expect(message).not.toMatch(/was deleted|is gone/);
    // It may be taken over again.
    expect(operation.ended.has(connectionId)).toBe(false);
  });

  test("after the write, and nobody can look: is an error that claims nothing", async () => {
    const { done } = await end({ kind: "status", status: 500 }, {}, true);
    const { code, message } = await failureOf(done);
    expect(code).toBe("server-error");
    expect(message).not.toMatch(/was not deleted|still lives|is gone/);
  });

  test("is not taken for done after a 404 when a listing still has it: an error, and it may be taken over", async () => {
    const { operation, connectionId, done } = await end(
      { kind: "status", status: 404 },
      { moment: "before" },
    );
    expect((await failureOf(done)).code).toBe("not-found");
    expect(sandbox().connections()).toMatchObject([{ id: connectionId }]);
    expect(operation.ended.has(connectionId)).toBe(false);
  });

  test("and whose pair is made anew by somebody else: the success says that sharing goes on", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    lose("deleteConnection", { kind: "reset" });
    const operation = quick(sandbox());
    const before = sandbox().fail({
      on: { route: "deleteConnection" },
      moment: "before",
      what: { kind: "delay", ms: 300 },
    });
    const done = remove(operation, connectionId, recorded);
    await vi.waitUntil(() => before.fired === 1, { interval: 5 });
    const twin = sandbox().connect({ source: "payments", sink: "observability" });
    await done;
    expect(sandbox().connections()).toMatchObject([{ id: twin }]);
    expect(operation.warnings).toEqual([expect.stringContaining(twin)]);
  });
});
