import { describe, expect, test } from "vitest";
import {
  checkSet,
  compareSet,
  diffSet,
  deleteConnection,
  explainSetDiff,
  syncSet,
} from "../../../core/src/index.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { catchError, createEntry, createOperation, useSandbox } from "../connection/operation.js";
import { createDeclaredSet, listLive, catchPartialFailure, runStep, createSetInputs } from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };
const getChange = async (...[olds, news]: [Parameters<typeof diffSet>[1], Parameters<typeof diffSet>[2]]) =>
  (await diffSet(createOperation(sandbox()), olds, news)).change;

describe("changes of a set", () => {
  test.each([
    ["nothing", {}, LOGS, "none"],
    ["types", {}, { observability: ["metrics"] }, "update"],
    ["an added destination", {}, { ...LOGS, security: ["logs"] }, "update"],
    ["a removed destination", {}, {}, "update"],
    ["exclusive", { exclusive: true }, LOGS, "update"],
    ["adopt", { adopt: true }, LOGS, "update"],
    ["reason", { reason: "SEC-1" }, LOGS, "update"],
  ])("%s", async (_, more, connections, expected) => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    expect(await getChange(olds, createSetInputs(sandbox(), connections, more))).toBe(expected);
    expect(sandbox().requests).toEqual([]);
  });

  test.each<[string, Parameters<typeof createSetInputs>[1], Parameters<typeof createSetInputs>[2], boolean]>([
    ["types", { observability: ["metrics"] }, {}, true],
    ["an added destination", { ...LOGS, security: ["logs"] }, {}, true],
    ["a removed destination", {}, {}, true],
    ["exclusive", LOGS, { exclusive: true }, true],
    ["only reason", LOGS, { reason: "SEC-1" }, false],
  ])("with credentials of another organization: %s", async (_, connections, more, isRefused) => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox(), {
      organizations: { payments: createEntry(sandbox(), "checkout") },
    });
    context.ledger.declareOldPair("payments", getOrgId("observability"));
    const result = diffSet(context, olds, createSetInputs(sandbox(), connections, more));
    if (isRefused) expect((await catchError(result)).code).toBe("wrong-organization");
    else expect(await result).toEqual({ change: "update" });
  });

  test.each([
    ["without members, how to replace the set", {}, true],
    ["with members, only which credentials are needed", { security: ["logs"] }, false],
  ])("the advice for credentials of another organization: %s", async (_, connections, canReplace) => {
    const olds = await createDeclaredSet(sandbox(), connections);
    const context = createOperation(sandbox(), {
      organizations: { payments: createEntry(sandbox(), "checkout") },
    });
    context.ledger.declareOldPair("payments", getOrgId("observability"));
    const news = createSetInputs(sandbox(), { ...connections, ...LOGS });
    const { code, advice } = await catchError(diffSet(context, olds, news));
    expect([code, advice?.includes("pulumi up --replace")]).toEqual(["wrong-organization", canReplace]);
  });

  test("with credentials of another organization, a refresh, where nothing is declared, refuses nothing", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox(), {
      organizations: { payments: createEntry(sandbox(), "checkout") },
    });
    const news = createSetInputs(sandbox(), { observability: ["metrics"] });
    expect(await diffSet(context, olds, news)).toEqual({ change: "update" });
  });

  test("a source that is another organization replaces the set", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const news = createSetInputs(sandbox(), LOGS, { source: "checkout" });
    expect(await diffSet(createOperation(sandbox()), olds, news)).toEqual({
      change: "replace",
      replaces: ["source"],
    });
  });

  test("another name of the same organization does not replace the set", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox(), {
      organizations: { pay: createEntry(sandbox(), "payments") },
    });
    expect(await diffSet(context, olds, createSetInputs(sandbox(), LOGS, { source: "pay" }))).toEqual({
      change: "update",
    });
  });

  test("a member that this operation has deleted for another resource is created again", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox());
    const id = olds.members[getOrgId("observability")]?.id ?? "";
    const { sourceOrgId } = olds;
    await deleteConnection(context, id, {
      source: "payments",
      sinkOrgId: getOrgId("observability"),
      sourceOrgId,
    });
    expect(await runStep(context, olds, createSetInputs(sandbox(), LOGS))).toMatchObject({
      connections: { [getOrgId("observability")]: ["logs"] },
    });
    expect(listLive(sandbox())).toEqual(["payments → observability: logs"]);
  });
});

describe("deletions of a set", () => {
  test("are reported in the preview, of members and of undeclared connections", async () => {
    const undeclared = sandbox().connect({ source: "payments", sink: "search" });
    const olds = await createDeclaredSet(sandbox(), { ...LOGS, security: ["audit"] }, { exclusive: true });
    const context = createOperation(sandbox());
    await diffSet(context, olds, createSetInputs(sandbox(), LOGS, { exclusive: true }));
    expect(context.warnings.join("\n")).toContain(
      `Acme Security: connection ${olds.members[getOrgId("security")]?.id ?? "?"} will be deleted`,
    );
    expect(context.warnings.join("\n")).toContain(`connection ${undeclared} will be deleted`);
    expect(context.warnings).toHaveLength(2);
  });

  test("do not include a member that another resource manages: it leaves the set, and its connection stays", async () => {
    const olds = await createDeclaredSet(sandbox(), { ...LOGS, security: ["audit"] });
    const id = olds.members[getOrgId("security")]?.id ?? "";
    const context = createOperation(sandbox());
    context.ledger.retain(id, "payments", "another resource");
    const news = createSetInputs(sandbox(), LOGS);
    const comparison = await compareSet(context, olds, news);
    expect(comparison).toMatchObject({ result: { change: "update" }, deletions: [] });
    expect(explainSetDiff(olds, news, comparison)).toEqual([]);
    expect(context.warnings).toEqual([
      expect.stringMatching(`${id} is not declared by the set .*, and is not deleted: another resource`),
    ]);
    expect((await syncSet(context, olds, news)).members).not.toHaveProperty(getOrgId("security"));
    expect(listLive(sandbox())).toHaveLength(2);
    const replacement = await compareSet(context, olds, { ...news, source: "checkout" });
    expect(replacement).toMatchObject({ result: { change: "replace" }, deletions: [] });
  });

  test("do not include undeclared connections if the set is no longer exclusive", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    const olds = await createDeclaredSet(sandbox(), LOGS, { exclusive: true });
    await runStep(createOperation(sandbox()), olds, createSetInputs(sandbox(), LOGS));
    expect(listLive(sandbox())).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });

  test("do not include an undeclared connection whose destination is now declared: without adoption, the preview fails", async () => {
    const id = sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await createDeclaredSet(sandbox(), LOGS, { exclusive: true });
    const news = createSetInputs(sandbox(), { ...LOGS, search: ["logs"] }, { exclusive: true });
    const error = await catchError(runStep(createOperation(sandbox()), olds, news));
    expect([error.code, error.happened]).toEqual(["pair-exists", expect.stringContaining(id)]);
    // Without preview checks, the update fails.
    const offline = { ...createOperation(sandbox()), getCheckMode: () => "offline" as const };
    await catchPartialFailure(runStep(offline, olds, news));
    expect(listLive(sandbox())).toEqual(["payments → observability: logs", "payments → search: audit"]);
  });

  test("do not include an undeclared connection that is adopted because its destination is now declared", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await createDeclaredSet(sandbox(), LOGS, { exclusive: true });
    const news = createSetInputs(sandbox(), { ...LOGS, search: ["logs"] }, { exclusive: true, adopt: true });
    const context = createOperation(sandbox());
    await runStep(context, olds, news);
    expect(context.warnings).toEqual([expect.stringContaining("will adopt connection")]);
    expect(
      sandbox()
        .requests.map(({ method }) => method)
        .filter((method) => method !== "GET"),
    ).toEqual(["PATCH"]);
    expect(listLive(sandbox())).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });

  test("are not searched for undeclared connections that are declared now while `source` is not known yet", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await createDeclaredSet(sandbox(), LOGS, { exclusive: true });
    const connections = { ...LOGS, search: ["logs"] };
    const news = createSetInputs(sandbox(), connections, { exclusive: true, source: UNKNOWN });
    const context = createOperation(sandbox());
    expect((await checkSet(context, { ...olds }, { ...news })).failures).toEqual([]);
    expect(await diffSet(context, olds, news)).toEqual({ change: "update" });
    expect(sandbox().requests).toEqual([]);
  });
});

describe("connections that another resource deletes", () => {
  const given = { source: "payments", connectionTypes: [], createdAt: "" };

  test("are not deleted if the set manages them", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox());
    expect(await runStep(context, olds, createSetInputs(sandbox(), LOGS))).toBe("none");
    const id = olds.members[getOrgId("observability")]?.id ?? "";
    await deleteConnection(context, id, {
      ...given,
      sinkOrgId: getOrgId("observability"),
      sourceOrgId: olds.sourceOrgId,
    });
    expect(listLive(sandbox())).toHaveLength(1);
    expect(context.warnings.join()).toContain("a set of this program manages it");
  });

  test("are deleted if the set no longer declares their destination", async () => {
    const olds = await createDeclaredSet(sandbox(), { ...LOGS, security: ["logs"] });
    await runStep(createOperation(sandbox()), olds, createSetInputs(sandbox(), LOGS));
    expect(listLive(sandbox())).toEqual(["payments → observability: logs"]);
  });

  test("are not retained by the diff of a set that the program no longer has, as in a refresh", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox());
    await diffSet(context, olds, createSetInputs(sandbox(), LOGS));
    expect(Object.values(olds.members).map(({ id }) => context.ledger.explainRetention(id))).toEqual([
      undefined,
    ]);
  });

  test("check adds the pairs of an unchanged set", async () => {
    const inputs = createSetInputs(sandbox(), LOGS);
    const context = createOperation(sandbox());
    await checkSet(context, { ...inputs }, { ...inputs });
    expect(context.ledger.isDeclared("payments", getOrgId("observability"))).toBe(true);
  });
});
