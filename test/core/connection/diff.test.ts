import { describe, expect, test } from "vitest";
import { check, diff, read, type State, type Inputs } from "../../../core/src/index.js";
import { normalizeInputs } from "../../../core/src/connection/fields.js";
import { requireInputs } from "../../../core/src/connection/inputs.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { listCalls, CONNECTION, createEntry, catchError, createOperation, useSandbox } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createOlds = (more: Partial<State> = {}): State => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
  sourceOrgId: getOrgId("payments"),
  createdAt: "2025-08-26T20:19:36.177236+00:00",
  ...more,
});
const createNews = (more: Partial<Inputs> = {}): Inputs => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
  ...more,
});
const omit = <T extends object>(value: T, name: keyof T): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as T;
const runDiff = (before: State, after: Inputs, context = createOperation(sandbox())) =>
  diff(context, CONNECTION, before, requireInputs(normalizeInputs({ ...after })));

/** An operation in which the name "payments" has the credentials of another organization. It declares one pair. */
function createWrongOperation(key: string, checks?: "offline", sink = "observability") {
  const organizations = { payments: createEntry(sandbox(), key) };
  const context = createOperation(sandbox(), { organizations, ...(checks && { checks }) });
  context.ledger.declareOldPair("payments", getOrgId(sink));
  return context;
}

describe("a change of types with the credentials of another organization", () => {
  const changed = () => createNews({ connectionTypes: ["logs"] });

  test.each(["checkout", "observability"])(
    "of %s is refused: the error names both organizations",
    async (key) => {
      const error = await catchError(runDiff(createOlds(), changed(), createWrongOperation(key)));
      expect(error.code).toBe("wrong-organization");
      expect(error.message).toContain(
        `belong to organization ${getOrgId(key)}, not to ${getOrgId("payments")}`,
      );
      expect(error.happened).toMatch(/^Changing the types of connection /);
    },
  );

  test.each<[string, () => State, () => Inputs, () => ReturnType<typeof createOperation>]>([
    ["offline", createOlds, changed, () => createWrongOperation("checkout", "offline")],
    [
      "for a change of only `reason`",
      createOlds,
      () => createNews({ reason: "SEC-1" }),
      () => createWrongOperation("checkout"),
    ],
    [
      "for unknown types",
      createOlds,
      () => createNews({ connectionTypes: [UNKNOWN] }),
      () => createWrongOperation("checkout"),
    ],
    [
      "without an organization in the state",
      () => omit(createOlds(), "sourceOrgId"),
      changed,
      () => createWrongOperation("checkout"),
    ],
    [
      "in a refresh, where nothing is declared",
      createOlds,
      changed,
      () => createOperation(sandbox(), { organizations: { payments: createEntry(sandbox(), "checkout") } }),
    ],
  ])("passes without a request %s", async (_, before, after, create) => {
    expect(await runDiff(before(), after(), create())).toEqual({ change: "update" });
    expect(sandbox().requests).toEqual([]);
  });

  test("passes if nothing proves whose credentials they are, as with read-only ones", async () => {
    sandbox().setPermissions("checkout", ["org_connections_read"]);
    expect(await runDiff(createOlds(), changed(), createWrongOperation("checkout"))).toEqual({
      change: "update",
    });
  });

  test("passes with a warning if the credentials are invalid or Datadog fails: nothing was checked", async () => {
    for (const status of [403, 503]) {
      sandbox().fail({
        times: Infinity,
        moment: "before",
        what: { kind: "status", status, headers: { "X-RateLimit-Reset": "3600" } },
      });
      const context = createQuickOperation(sandbox(), {
        organizations: { payments: createEntry(sandbox(), "checkout") },
        client: { retry: { maxAttempts: 1 } },
      });
      context.ledger.declareOldPair("payments", getOrgId("observability"));
      expect(await runDiff(createOlds(), changed(), context)).toEqual({ change: "update" });
      expect(context.warnings).toEqual([expect.stringContaining("not checked: ")]);
      sandbox().clearFaults();
    }
  });
});

describe("a replacement with the credentials of another organization", () => {
  const REPLACED = { change: "replace", replaces: ["sinkOrgId"] };
  const moved = () => createNews({ sinkOrgId: getOrgId("security") });
  const createReplacing = (key: string, checks?: "offline") => createWrongOperation(key, checks, "security");

  test.each([
    ["checkout", false],
    ["observability", false],
    ["checkout", true],
  ])("of %s is refused (changes have started: %s)", async (key, hasStartedChanges) => {
    const context = createReplacing(key);
    if (hasStartedChanges) context.ledger.startChanges();
    const error = await catchError(runDiff(createOlds(), moved(), context));
    expect(error.code).toBe("wrong-organization");
    expect(error.happened).toMatch(/^Replacing connection /);
    expect(error.message).toContain(
      `belong to organization ${getOrgId(key)}, not to ${getOrgId("payments")}`,
    );
  });

  test("is refused for the same destination too, if this operation has deleted the connection", async () => {
    const context = createWrongOperation("checkout");
    await context.ledger.delete(CONNECTION, () => Promise.resolve());
    expect((await catchError(runDiff(createOlds(), createNews(), context))).code).toBe("wrong-organization");
  });

  test.each<[string, () => State, () => ReturnType<typeof createOperation>]>([
    ["offline", createOlds, () => createReplacing("checkout", "offline")],
    [
      "without an organization in the state",
      () => omit(createOlds(), "sourceOrgId"),
      () => createReplacing("checkout"),
    ],
    ["in a refresh, where the pair is not declared", createOlds, () => createWrongOperation("checkout")],
  ])("passes without a request %s", async (_, before, createContext) => {
    expect(await runDiff(before(), moved(), createContext())).toEqual(REPLACED);
    expect(sandbox().requests).toEqual([]);
  });

  test("passes if nothing proves whose credentials they are, as with read-only ones", async () => {
    sandbox().setPermissions("checkout", ["org_connections_read"]);
    const context = createReplacing("checkout");
    expect(await runDiff(createOlds(), moved(), context)).toEqual(REPLACED);
    expect(context.warnings).toEqual([]);
  });

  test("passes if `source` changes to that organization, which is a replacement on purpose", async () => {
    const context = createOperation(sandbox());
    context.ledger.declareOldPair("checkout", getOrgId("security"));
    expect(await runDiff(createOlds(), { ...moved(), source: "checkout" }, context)).toEqual({
      change: "replace",
      replaces: ["sinkOrgId", "source"],
    });
  });

  test("is checked with the requests of the preview checks", async () => {
    const context = createOperation(sandbox());
    await check(context, { ...createNews() }, { ...moved() });
    const requests = listCalls(sandbox());
    expect(await runDiff(createOlds(), moved(), context)).toEqual(REPLACED);
    expect(listCalls(sandbox())).toEqual(requests);
  });
});

describe("without a request", () => {
  test.each<[string, () => State, () => Inputs, string]>([
    ["nothing", createOlds, createNews, "none"],
    ["the order of types", createOlds, () => createNews({ connectionTypes: ["metrics", "logs"] }), "none"],
    [
      "the case of the destination",
      createOlds,
      () => createNews({ sinkOrgId: getOrgId("observability").toUpperCase() }),
      "none",
    ],
    [
      "an added type",
      createOlds,
      () => createNews({ connectionTypes: ["logs", "metrics", "audit"] }),
      "update",
    ],
    ["a removed type", createOlds, () => createNews({ connectionTypes: ["logs"] }), "update"],
    ["the types no longer declared", createOlds, () => omit(createNews(), "connectionTypes"), "none"],
    [
      "drift in unspecified types",
      () => createOlds({ typesUnspecified: true, connectionTypes: ["audit"] }),
      () => omit(createNews(), "connectionTypes"),
      "none",
    ],
    ["types declared for the first time", () => createOlds({ typesUnspecified: true }), createNews, "update"],
    ["adopt", createOlds, () => createNews({ adopt: true }), "update"],
    ["adopt omitted", () => createOlds({ adopt: true }), createNews, "update"],
    ["reason", () => createOlds({ reason: "SEC-1" }), () => createNews({ reason: "SEC-2" }), "update"],
    ["an unknown destination", createOlds, () => createNews({ sinkOrgId: UNKNOWN }), "replace"],
    ["an unknown source", createOlds, () => createNews({ source: UNKNOWN }), "update"],
  ])("%s", async (_, before, after, change) => {
    expect((await runDiff(before(), after())).change).toBe(change);
    expect(listCalls(sandbox())).toEqual([]);
  });

  test("a new destination replaces, because of the destination", async () => {
    const difference = await runDiff(createOlds(), createNews({ sinkOrgId: getOrgId("security") }));
    expect(difference).toEqual({ change: "replace", replaces: ["sinkOrgId"] });
  });

  test("other credentials, another site and missing credentials change nothing", async () => {
    const context = createOperation(sandbox(), {
      organizations: { payments: { apiKey: "other", appKey: "other", url: "https://api.datadoghq.eu" } },
    });
    expect(await runDiff(createOlds(), createNews(), context)).toEqual({ change: "none" });
    const withoutCredentials = createOperation(sandbox(), { organizations: { payments: {} } });
    expect(await runDiff(createOlds(), createNews(), withoutCredentials)).toEqual({ change: "none" });
  });
});

describe("`source` renamed", () => {
  test("to the same organization by its configured id: an update, and no request", async () => {
    const context = createOperation(sandbox(), {
      organizations: {
        renamed: createEntry(sandbox(), "payments", { id: getOrgId("payments").toUpperCase() }),
      },
    });
    expect(await runDiff(createOlds(), createNews({ source: "renamed" }), context)).toEqual({
      change: "update",
    });
    expect(listCalls(sandbox())).toEqual([]);
  });

  test("to the same organization by a request: an update", async () => {
    const context = createOperation(sandbox(), {
      organizations: { renamed: createEntry(sandbox(), "payments") },
    });
    expect(await runDiff(createOlds(), createNews({ source: "renamed" }), context)).toEqual({
      change: "update",
    });
    expect(listCalls(sandbox())).toEqual(["listConnections", "listOrganizations"]);
  });

  test("to the same organization by its listing alone: an update without the permission to list organizations", async () => {
    sandbox().connect({ source: "readonly", sink: "security" });
    sandbox().connect({ source: "readonly", sink: "observability" });
    const context = createOperation(sandbox(), {
      organizations: { renamed: createEntry(sandbox(), "readonly") },
    });
    const before = createOlds({ source: "readonly", sourceOrgId: getOrgId("readonly") });
    expect(await runDiff(before, createNews({ source: "renamed" }), context)).toEqual({ change: "update" });
    expect(listCalls(sandbox())).toEqual(["listConnections"]);
  });

  test("from the default credentials to a name of the same organization: an update", async () => {
    expect(await runDiff(omit(createOlds(), "source"), createNews())).toEqual({ change: "update" });
  });

  test("to another organization by its configured id: a replacement because of the source", async () => {
    const context = createOperation(sandbox(), {
      organizations: { checkout: createEntry(sandbox(), "checkout", { id: getOrgId("checkout") }) },
    });
    const difference = await runDiff(createOlds(), createNews({ source: "checkout" }), context);
    expect(difference).toEqual({ change: "replace", replaces: ["source"] });
    expect(listCalls(sandbox())).toEqual([]);
  });

  test("to another organization by a request: a replacement because of the source", async () => {
    expect(await runDiff(createOlds(), createNews({ source: "checkout" }))).toEqual({
      change: "replace",
      replaces: ["source"],
    });
  });

  test.each([
    ["payments", { change: "update" }],
    ["checkout", { change: "replace", replaces: ["source"] }],
  ])("without credentials, by the configured id of %s", async (key, expected) => {
    const organizations = { pay: { id: getOrgId(key) } };
    const context = createOperation(sandbox(), { organizations, checks: "offline" });
    expect(await runDiff(createOlds(), createNews({ source: "pay" }), context)).toEqual(expected);
    expect(listCalls(sandbox())).toEqual([]);
  });

  test("without credentials and without a configured id: an error, never a guess", async () => {
    // It names another organization, perhaps: the keys, which this run does not have, need not be those of the default organization.
    const env = { DD_ORG_UUID: getOrgId("payments") };
    const context = createOperation(sandbox(), { env, organizations: { pay: {} }, checks: "offline" });
    for (const source of ["pay", undefined]) {
      const error = await catchError(runDiff(createOlds(), createNews({ source }), context));
      expect(error.code).toBe("credentials-missing");
    }
  });

  test("with a new destination too: a replacement because of both", async () => {
    const difference = await runDiff(
      createOlds(),
      createNews({ source: "checkout", sinkOrgId: getOrgId("security") }),
    );
    expect(difference).toEqual({ change: "replace", replaces: ["sinkOrgId", "source"] });
  });

  test("without proof: an error of `source`, never a guess", async () => {
    const error = await catchError(runDiff(createOlds(), createNews({ source: "readonly" })));
    expect(error).toMatchObject({ code: "organization-unproven", facts: { property: "source" } });
    expect(error.message).toContain('organization "readonly"');
    expect(error.message).toContain(getOrgId("payments"));
  });

  test("without the old organization in the state: an error, until a refresh saves it", async () => {
    const olds = omit(createOlds(), "sourceOrgId");
    const error = await catchError(runDiff(olds, createNews({ source: "checkout" })));
    expect(error.code).toBe("organization-unproven");
    expect(error.message).toMatch(
      /the state does not contain the ID of the previous organization\. Set the credentials of the previous `source`, and run `pulumi refresh`/,
    );
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const refreshed = await read(createOperation(sandbox()), id, olds);
    expect(await runDiff(refreshed?.state ?? olds, createNews({ source: "checkout" }))).toEqual({
      change: "replace",
      replaces: ["source"],
    });
  });

  test("with refused credentials: their error, never a replacement", async () => {
    sandbox().setFeature("checkout", false);
    expect((await catchError(runDiff(createOlds(), createNews({ source: "checkout" })))).code).toBe(
      "forbidden",
    );
  });
});

describe("the connection that diff has read", () => {
  test("is retained for its resource if it stays", async () => {
    for (const after of [createNews(), createNews({ reason: "SEC-1" })]) {
      const context = createOperation(sandbox());
      context.ledger.declareOldPair(after.source, after.sinkOrgId);
      await runDiff(createOlds(), after, context);
      expect(context.ledger.explainRetention(CONNECTION)).toBe("another resource of this program manages it");
    }
  });

  test("is not retained if check has not added its pair: a refresh runs diff for resources that the program no longer has", async () => {
    const context = createOperation(sandbox());
    await runDiff(createOlds(), createNews(), context);
    expect(context.ledger.explainRetention(CONNECTION)).toBeUndefined();
  });

  test("is created again if this operation has deleted it for another resource that had it too", async () => {
    const context = createOperation(sandbox());
    await context.ledger.delete(CONNECTION, () => Promise.resolve());
    expect(await runDiff(createOlds(), createNews(), context)).toEqual({
      change: "replace",
      replaces: ["sinkOrgId"],
    });
  });

  test("may be deleted if it is replaced", async () => {
    const context = createOperation(sandbox());
    await runDiff(createOlds(), createNews({ sinkOrgId: getOrgId("security") }), context);
    expect(context.ledger.explainRetention(CONNECTION)).toBeUndefined();
  });
});
