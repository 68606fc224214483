import { describe, expect, test } from "vitest";
import { checkSet, DELETE_BEFORE_REPLACE, diffSet } from "../../../core/src/index.js";
import { requireInputs } from "../../../core/src/connection/inputs.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { catchError, createEntry, createOperation, useSandbox } from "../connection/operation.js";
import { createQuickOperation } from "../connection/quick-operation.js";
import { createDeclaredSet, createSetInputs } from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createRawInputs = (connections: unknown, more = {}) => ({ source: "payments", connections, ...more });

describe("inputs of a set", () => {
  test("are normalized, with sorted destinations and types", async () => {
    const connections = {
      [getOrgId("security").toUpperCase()]: ["metrics", "Logs"],
      [getOrgId("observability")]: ["audit"],
    };
    const context = createOperation(sandbox(), { checks: "offline" });
    const { inputs, failures } = await checkSet(
      context,
      {},
      createRawInputs(connections, { exclusive: "true" }),
    );
    expect(failures).toEqual([]);
    expect(inputs?.exclusive).toBe(true);
    expect(Object.entries(inputs?.connections ?? {})).toEqual([
      [getOrgId("observability"), ["audit"]],
      [getOrgId("security"), ["logs", "metrics"]],
    ]);
  });

  test.each([
    ["not an object", () => ["logs"], "connections", "must be an object"],
    ["null", () => null, "connections", "must be an object"],
    ["a destination without types", () => ({ [getOrgId("security")]: null }), "security", "has no types"],
    [
      "a destination twice",
      () => ({ [getOrgId("security")]: ["logs"], [getOrgId("security").toUpperCase()]: ["logs"] }),
      "SECURITY",
      "is listed more than once",
    ],
  ])("%s is refused", async (_, connections, property, reason) => {
    const { failures } = await checkSet(createOperation(sandbox()), {}, createRawInputs(connections()));
    const formatProperty = (key: string) =>
      `connections["${key === "SECURITY" ? getOrgId("security").toUpperCase() : getOrgId("security")}"]`;
    expect(failures).toHaveLength(1);
    expect(failures[0]?.property).toBe(property === "connections" ? property : formatProperty(property));
    expect(failures[0]?.reason).toContain(reason);
    expect(sandbox().requests).toEqual([]);
  });

  test("with a type that this version does not know are a warning, without a failure", async () => {
    const context = createOperation(sandbox());
    const connections = { [getOrgId("security")]: ["logs", "rum"], [getOrgId("observability")]: ["traces"] };
    const { failures } = await checkSet(context, {}, createRawInputs(connections));
    expect(failures).toEqual([]);
    expect(context.warnings).toEqual([
      expect.stringMatching(/^connections: .* (rum, traces|traces, rum) \(/),
    ]);
  });

  test("an unknown input is refused", async () => {
    const { failures } = await checkSet(
      createOperation(sandbox()),
      {},
      createRawInputs({}, { sinkOrgId: getOrgId("security") }),
    );
    expect(failures.map(({ property }) => property)).toEqual(["sinkOrgId"]);
  });

  test("unknown connections pass and do not count as none: no member is reported as deleted", async () => {
    const context = createOperation(sandbox());
    const checked = await checkSet(context, {}, createRawInputs(UNKNOWN));
    const inputs = requireInputs(checked);
    expect([checked.failures, inputs.connections]).toEqual([[], UNKNOWN]);
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] });
    expect(await diffSet(context, olds, inputs)).toEqual({ change: "update" });
    expect(context.warnings).toEqual([]);
  });
});

describe("the preview checks of a set", () => {
  test("an unchanged set has no request and no warning", async () => {
    const inputs = createSetInputs(sandbox(), { observability: ["logs", "traces"] });
    const context = createOperation(sandbox());
    await checkSet(context, { ...inputs }, { ...inputs });
    expect([sandbox().requests, context.warnings]).toEqual([[], []]);
  });

  test.each<[string, Record<string, string[]>]>([
    ["types", { observability: ["metrics"], search: ["logs"] }],
    ["destinations", { observability: ["logs"], checkout: ["logs"], security: ["logs"] }],
    ["only a removed destination", { observability: ["logs"] }],
  ])(
    "changed %s of an unavailable organization: one warning that nothing was checked",
    async (_, connections) => {
      const olds = await createDeclaredSet(sandbox(), { observability: ["logs"], search: ["logs"] });
      sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status: 503 } });
      const context = createQuickOperation(sandbox());
      const news = createSetInputs(sandbox(), connections);
      const { failures } = await checkSet(
        context,
        { source: olds.source, connections: olds.connections },
        { ...news },
      );
      expect([failures, await diffSet(context, olds, news)]).toEqual([[], { change: "update" }]);
      expect(context.warnings.filter((warning) => !warning.includes("will be deleted"))).toEqual([
        expect.stringContaining("not checked: the connections of organization"),
      ]);
    },
  );

  test("offline, an unavailable organization has no request and no warning", async () => {
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] });
    const context = createOperation(sandbox(), { checks: "offline" });
    const news = createSetInputs(sandbox(), { observability: ["logs"], search: ["logs"] });
    await checkSet(context, { source: olds.source, connections: olds.connections }, { ...news });
    await diffSet(context, olds, news);
    expect([sandbox().requests, context.warnings]).toEqual([[], []]);
  });

  test("a change of only types has no request", async () => {
    const olds = createSetInputs(sandbox(), { observability: ["logs"] });
    const news = createSetInputs(sandbox(), { observability: ["metrics"] });
    await checkSet(createOperation(sandbox()), { ...olds }, { ...news });
    expect(sandbox().requests).toEqual([]);
  });

  test("a member for which a refresh has saved no types is no new destination, and needs no request", async () => {
    const olds = createSetInputs(sandbox(), { observability: [] });
    const news = createSetInputs(sandbox(), { observability: ["metrics"] });
    expect((await checkSet(createOperation(sandbox()), { ...olds }, { ...news })).failures).toEqual([]);
    expect(sandbox().requests).toEqual([]);
  });

  test("many destinations share one listing and one list of organizations", async () => {
    const inputs = createSetInputs(sandbox(), {
      observability: ["logs"],
      security: ["logs"],
      search: ["logs"],
    });
    const { failures } = await checkSet(createOperation(sandbox()), {}, { ...inputs });
    expect(failures).toEqual([]);
    const routes = sandbox().requests.map(({ route }) => route);
    expect(routes.toSorted()).toEqual(["listConnections", "listOrganizations"]);
  });

  test("a pair that exists is a failure of its destination", async () => {
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const inputs = createSetInputs(sandbox(), { observability: ["logs"], security: ["logs"] });
    const { failures } = await checkSet(createOperation(sandbox()), {}, { ...inputs });
    expect(failures.map(({ property }) => property)).toEqual([`connections["${getOrgId("security")}"]`]);
    expect(failures[0]?.reason).toContain(id);
  });

  test("a pair may exist for a forced replacement with deleteBeforeReplace", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const hinted = { ...createSetInputs(sandbox(), { security: ["logs"] }), [DELETE_BEFORE_REPLACE]: true };
    expect((await checkSet(createOperation(sandbox()), {}, hinted)).failures).toEqual([]);
  });

  test("a pair may not exist for a set that is not replaced, even with deleteBeforeReplace: diff refuses it", async () => {
    const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] });
    sandbox().connect({ source: "payments", sink: "security" });
    const before = createSetInputs(sandbox(), { observability: ["logs"] });
    const news = createSetInputs(sandbox(), { observability: ["logs"], security: ["logs"] });
    const context = createOperation(sandbox());
    const hinted = { ...news, [DELETE_BEFORE_REPLACE]: true };
    expect((await checkSet(context, { ...before }, hinted)).failures).toEqual([]);
    expect((await catchError(diffSet(context, olds, news))).code).toBe("pair-exists");
  });

  test("refused credentials are reported once", async () => {
    const inputs = createSetInputs(sandbox(), { observability: ["logs"], security: ["logs"] });
    const payments = { ...createEntry(sandbox(), "payments"), apiKey: "wrong" };
    const { failures } = await checkSet(
      createOperation(sandbox(), { organizations: { payments } }),
      {},
      { ...inputs },
    );
    expect(failures.map(({ property }) => property)).toEqual(["source"]);
  });

  test("offline, no request is sent", async () => {
    const context = createOperation(sandbox(), { checks: "offline" });
    await checkSet(context, {}, { ...createSetInputs(sandbox(), { observability: ["logs"] }) });
    expect(sandbox().requests).toEqual([]);
  });

  test.each(["online", "offline"] as const)(
    "%s, members are retained with another name of the source",
    async (checks) => {
      const olds = await createDeclaredSet(sandbox(), { observability: ["logs"] });
      const id = olds.members[getOrgId("observability")]?.id ?? "";
      const organizations = { pay: createEntry(sandbox(), "payments", { id: getOrgId("payments") }) };
      const context = createOperation(sandbox(), { organizations, checks });
      const news = createSetInputs(sandbox(), { observability: ["logs"] }, { source: "pay" });
      await checkSet(context, { ...createSetInputs(sandbox(), { observability: ["logs"] }) }, { ...news });
      expect(await diffSet(context, olds, news)).toEqual({ change: "update" });
      expect(context.ledger.explainRetention(id)).toBeDefined();
    },
  );
});
