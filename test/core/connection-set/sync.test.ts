import { describe, expect, test } from "vitest";
import { create, removeSet, syncSet } from "../../../core/src/index.js";
import { seedWith, type Fault } from "../../../sandbox/src/index.js";
import { declared, entryOf, failureOf, operation, useSandbox, writes } from "../connection/operation.js";
import { quick } from "../connection/quick.js";
import { declaredSet, liveTexts, partOf, wantedSet } from "./operation.js";

const sandbox = useSandbox();
const many = useSandbox({ seed: seedWith({ sources: 100 }) });
const idOf = (key: string) => sandbox().organization(key).id;
const LOGS = { observability: ["logs"] };
const TWO = { observability: ["logs"], security: ["logs"] };
const THREE = { ...TWO, search: ["logs"] };
const refusal = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
const refuse = (on: Fault["on"]) => sandbox().fail({ ...(on && { on }), moment: "before", what: refusal });
const methods = () => sandbox().requests.flatMap(({ method }) => (method === "GET" ? [] : [method]));

describe("bringing a set about", () => {
  test("creates come first, then changes, then removals", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    await syncSet(
      operation(sandbox()),
      olds,
      wantedSet(sandbox(), { observability: ["audit"], search: ["logs"] }),
    );
    expect(methods()).toEqual(["POST", "PATCH", "DELETE"]);
    expect(liveTexts(sandbox())).toEqual(["payments → observability: audit", "payments → search: logs"]);
  });

  test("the state holds each member as it is live", async () => {
    const recorded = await declaredSet(sandbox(), LOGS, { reason: "SEC-1" });
    const [row] = sandbox().connections();
    const { name } = sandbox().organization("observability");
    expect(recorded).toEqual({
      ...wantedSet(sandbox(), LOGS, { reason: "SEC-1" }),
      members: {
        [idOf("observability")]: {
          id: row?.id,
          sinkOrgName: name,
          createdAt: row?.createdAt,
          createdBy: row?.createdBy,
        },
      },
      sourceOrgId: idOf("payments"),
      sourceOrgName: sandbox().organization("payments").name,
    });
  });

  test("a change of reason alone makes no request", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    const recorded = await syncSet(
      operation(sandbox()),
      olds,
      wantedSet(sandbox(), TWO, { reason: "SEC-2" }),
    );
    expect(recorded).toEqual({ ...olds, reason: "SEC-2" });
    expect(sandbox().requests).toEqual([]);
  });

  test("keys of another organization than the state's write nothing", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const world = operation(sandbox(), { organizations: { payments: entryOf(sandbox(), "checkout") } });
    const error = await failureOf(syncSet(world, olds, wantedSet(sandbox(), TWO)));
    expect(error.code).toBe("wrong-organization");
    expect(writes(sandbox())).toBe(0);
  });

  test("a configured id is checked before the first write", async () => {
    const payments = entryOf(sandbox(), "payments", { id: idOf("checkout") });
    const world = operation(sandbox(), { organizations: { payments } });
    const error = await failureOf(syncSet(world, undefined, wantedSet(sandbox(), {})));
    expect(error.code).toBe("wrong-organization");
  });

  test("an organization that nothing tells makes no set", async () => {
    sandbox().setPermissions("payments", ["org_connections_read"]);
    const error = await failureOf(syncSet(operation(sandbox()), undefined, wantedSet(sandbox(), LOGS)));
    expect(error.code).toBe("organization-unproven");
    expect(error.message).toContain("nothing proves which organization");
    expect(writes(sandbox())).toBe(0);
  });

  test("a member that is gone is told with the way on", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    sandbox().disconnect(olds.members[idOf("observability")]?.id ?? "");
    const part = await partOf(
      syncSet(operation(sandbox()), olds, wantedSet(sandbox(), { observability: ["audit"] })),
    );
    expect(part.reasons.map(({ message }) => message)).toEqual([
      expect.stringContaining("pulumi up --refresh"),
    ]);
  });
});

describe("others' connections", () => {
  test("are taken over with adopt only, and are then kept from the resource that gives them up", async () => {
    const made = await declared(sandbox(), "payments", "observability");
    const part = await partOf(syncSet(operation(sandbox()), undefined, wantedSet(sandbox(), LOGS)));
    expect(part.recorded.members).toEqual({});
    const world = operation(sandbox());
    const adopted = await syncSet(world, undefined, wantedSet(sandbox(), LOGS, { adopt: true }));
    expect(adopted.members[idOf("observability")]?.id).toBe(made.connectionId);
    expect(world.kept.has(made.connectionId)).toBe(true);
  });

  test("are left alone by a set that is not exclusive", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await declaredSet(sandbox(), TWO);
    expect(olds).not.toHaveProperty("strangers");
    await syncSet(operation(sandbox()), olds, wantedSet(sandbox(), LOGS));
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs", "payments → search: audit"]);
  });

  test("an exclusive set ends those that its state shows, and notes the others", async () => {
    const shown = sandbox().connect({ source: "payments", sink: "search" });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const olds = await declaredSet(sandbox(), LOGS, { exclusive: true });
    expect(olds.strangers).toEqual({ [idOf("search")]: shown });
    const later = sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const recorded = await syncSet(
      operation(sandbox()),
      olds,
      wantedSet(sandbox(), LOGS, { exclusive: true }),
    );
    expect(recorded.strangers).toEqual({ [idOf("security")]: later });
    expect(recorded.connections[idOf("security")]).toEqual(["audit"]);
    expect(liveTexts(sandbox())).toEqual([
      "checkout → payments: logs",
      "payments → observability: logs",
      "payments → security: audit",
    ]);
  });
});

test("what others have put in a member's place does not give its types to the member", async () => {
  const olds = await declaredSet(sandbox(), LOGS);
  sandbox().disconnect(olds.members[idOf("observability")]?.id ?? "");
  sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
  const recorded = await syncSet(operation(sandbox()), olds, wantedSet(sandbox(), LOGS, { exclusive: true }));
  expect(recorded).toEqual({ ...olds, exclusive: true });
});

describe("a change that is done in part", () => {
  test.each([
    ["a create", "createConnection", {}],
    ["an adoption's change", "updateConnection", { adopt: true }],
  ] as const)(
    "%s that fails stops nothing else, and its pair is not in the state",
    async (_, route, more) => {
      sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
      const wanted = wantedSet(
        sandbox(),
        route === "createConnection" ? { ...LOGS, search: ["logs"] } : THREE,
        more,
      );
      refuse({ route, ...(route === "createConnection" && { sinkOrgId: idOf("observability") }) });
      const { recorded, reasons } = await partOf(syncSet(operation(sandbox()), undefined, wanted));
      expect(reasons).toHaveLength(1);
      const failed = route === "createConnection" ? "observability" : "security";
      const rest = Object.keys(wanted.connections).filter((sink) => sink !== idOf(failed));
      expect(Object.keys(recorded.members).sort()).toEqual(rest.sort());
      expect(Object.keys(recorded.connections).sort()).toEqual(rest.sort());
    },
  );

  test("a change of types that fails leaves the old ones in the state", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    refuse({ route: "updateConnection", connectionId: olds.members[idOf("security")]?.id ?? "" });
    const news = wantedSet(sandbox(), { observability: ["audit"], security: ["audit"] });
    const { recorded } = await partOf(syncSet(operation(sandbox()), olds, news));
    expect(recorded.connections).toEqual({
      [idOf("observability")]: ["audit"],
      [idOf("security")]: ["logs"],
    });
    sandbox().clearRequests();
    await syncSet(operation(sandbox()), recorded, news);
    expect(methods()).toEqual(["PATCH"]);
  });

  test("each failure names its destination, and those that failed alike are told in one", async () => {
    const olds = await declaredSet(sandbox(), THREE);
    const sinks = ["observability", "security", "search"].map(idOf).sort();
    const texts = new Map(sinks.map((sink, at) => [sink, at === 2 ? "other" : "no"]));
    for (const [sink, text] of texts) {
      const what = { ...refusal, body: { errors: [text] } };
      const connectionId = olds.members[sink]?.id ?? "";
      sandbox().fail({ on: { route: "updateConnection", connectionId }, moment: "before", what });
    }
    const keys = Object.keys(THREE).map((key) => [key, ["audit"]] as const);
    const { reasons } = await partOf(
      syncSet(operation(sandbox()), olds, wantedSet(sandbox(), Object.fromEntries(keys) as never)),
    );
    const [a, b, c] = sinks.map((sink) => `${olds.members[sink]?.sinkOrgName ?? ""} (${sink})`);
    expect(reasons.map(({ message }) => message.slice(0, message.indexOf(" as invalid")))).toEqual([
      `To 2 destinations (${a}, ${b}): Datadog refused the request of organization "payments"`,
      `To ${c}: Datadog refused the request of organization "payments"`,
    ]);
  });

  test("a removal that fails leaves the member in the state, one that is done does not", async () => {
    const olds = await declaredSet(sandbox(), THREE);
    refuse({ route: "deleteConnection", connectionId: olds.members[idOf("security")]?.id ?? "" });
    const { recorded } = await partOf(syncSet(operation(sandbox()), olds, wantedSet(sandbox(), LOGS)));
    expect(recorded.connections).toEqual({ [idOf("observability")]: ["logs"], [idOf("security")]: ["logs"] });
    expect(Object.keys(recorded.members)).toHaveLength(2);
  });

  test("what an exclusive set has made is in the state, even when the look for strangers fails after it", async () => {
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    sandbox().fail({ on: { route: "listConnections" }, skip: 2, moment: "before", what });
    const wanted = wantedSet(sandbox(), LOGS, { exclusive: true });
    const { recorded } = await partOf(syncSet(operation(sandbox()), undefined, wanted));
    expect(Object.keys(recorded.members)).toEqual([idOf("observability")]);
  });

  test("in an outage what follows is left alone, and the next one makes it", async () => {
    const olds = await declaredSet(many(), LOGS);
    const keys = Array.from({ length: 100 }, (_, at) => [`source-${at + 1}`, ["logs"]] as const);
    // All to be made, one to be changed, none to be ended.
    const news = wantedSet(many(), { ...Object.fromEntries(keys), observability: ["audit"] });
    many().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what: refusal });
    const { recorded, reasons } = await partOf(syncSet(operation(many()), olds, news));
    expect(recorded.connections).toEqual(olds.connections);
    const creates = writes(many());
    expect(creates).toBeGreaterThanOrEqual(32);
    expect(creates).toBeLessThan(64);
    const five = Object.keys(news.connections)
      .filter((sink) => sink !== idOf("observability"))
      .slice(0, 5);
    expect(reasons).toHaveLength(2);
    expect(reasons[0]?.message).toContain(
      `To ${creates} destinations (${five.join(", ")} and ${creates - 5} more): Datadog refused`,
    );
    expect(reasons[1]?.message).toMatch(
      new RegExp(`^${101 - creates} more changes of .*payments.* \\[bad-request\\]$`),
    );

    many().clearFaults();
    many().clearRequests();
    await syncSet(operation(many()), recorded, news);
    expect(writes(many())).toBe(101);
  });

  test("a bug met in one change does not cost the state of the others", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    const meanwhile = (call: string, number: number) => {
      if (call === "update" && number === 1) throw new TypeError("a bug");
    };
    const news = wantedSet(sandbox(), { observability: ["audit"], security: ["audit"] });
    const part = await partOf(syncSet(quick(sandbox(), { meanwhile }), olds, news));
    expect(part.reasons.map(String)).toEqual(["TypeError: a bug"]);
    expect(Object.values(part.recorded.connections).sort()).toEqual([["audit"], ["logs"]]);
  });
});

test("a set that holds what another one has just ended makes it again", async () => {
  const olds = await declaredSet(sandbox(), LOGS);
  const world = operation(sandbox());
  await removeSet(world, olds);
  const recorded = await syncSet(world, olds, wantedSet(sandbox(), LOGS));
  expect(
    sandbox()
      .connections()
      .map(({ id }) => id),
  ).toEqual([recorded.members[idOf("observability")]?.id]);
});

test("a single connection moves into a set in one operation: nothing live is touched", async () => {
  const made = await create(operation(sandbox()), {
    source: "payments",
    sinkOrgId: idOf("observability"),
    connectionTypes: ["logs"],
  });
  sandbox().clearRequests();
  await syncSet(operation(sandbox()), undefined, wantedSet(sandbox(), TWO, { adopt: true }));
  expect(methods()).toEqual(["POST"]);
  expect(
    sandbox()
      .connections()
      .some(({ id }) => id === made.connectionId),
  ).toBe(true);
});
