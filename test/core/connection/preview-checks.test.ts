import { describe, expect, test } from "vitest";
import { check, checkSet, diff, deleteConnection } from "../../../core/src/index.js";
import { DELETE_BEFORE_REPLACE } from "../../../core/src/connection/check.js";
import { parseNotices } from "../../../core/src/connection/notices.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { createSeed, type FaultAction } from "../../../sandbox/src/index.js";
import { createPreviewFixtures, createStatusFault } from "./preview-fixtures.js";
import { createDeclared, createEntry, UNKNOWN_ID, useSandbox, countWrites } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox({ seed: createSeed({ sources: 50 }) });
const { getOrgId, createNews, setResponse } = createPreviewFixtures(sandbox);
type Organizations = NonNullable<NonNullable<Parameters<typeof createQuickOperation>[1]>["organizations"]>;
const createOrganizationsAt = (url: string): Organizations => ({
  payments: createEntry(sandbox(), "payments", { url }),
});

interface Cause {
  what: string;
  /** The code of each failure is certain: failure-certainty.test.ts. The invalid input and the code of its failure; undefined if nothing is reported. */
  fails?: [property: "source" | "sinkOrgId", code: string];
  /** The code of the error because of which the organization could not be checked. */
  notChecked?: string;
  /** What the message must contain. */
  names?: () => string;
  inputs?: () => Record<string, unknown>;
  organizations?: () => Organizations;
  before?: () => unknown;
}

const causes: Cause[] = [
  {
    what: "invalid credentials",
    fails: ["source", "forbidden"],
    organizations: () => ({ payments: createEntry(sandbox(), "payments", { apiKey: "x" }) }),
    names: () => "taken from stack configuration",
  },
  {
    what: "one of two keys",
    fails: ["source", "credentials-missing"],
    organizations: () => ({ payments: { apiKey: "only-one" } }),
    names: () => "appKey",
  },
  {
    what: "credentials of another organization than the configured id",
    fails: ["source", "wrong-organization"],
    organizations: () => ({ payments: createEntry(sandbox(), "payments", { id: getOrgId("checkout") }) }),
    names: () => getOrgId("payments"),
  },
  {
    what: "no permission to read",
    fails: ["source", "forbidden"],
    before: () => sandbox().setPermissions("payments", []),
    names: () => "org_connections_read",
  },
  {
    what: "the source as its own destination",
    fails: ["sinkOrgId", "invalid-input"],
    inputs: () => createNews("payments"),
    names: () => 'the source (organization "payments") and the destination are the same organization',
  },
  {
    what: "a destination in another account",
    fails: ["sinkOrgId", "not-found"],
    inputs: () => createNews("globex-observability"),
    names: () => "the function getOrganization",
  },
  {
    what: "an unknown destination",
    fails: ["sinkOrgId", "not-found"],
    inputs: () => ({ ...createNews(), sinkOrgId: UNKNOWN_ID }),
  },
  {
    what: "a disabled destination",
    fails: ["sinkOrgId", "not-found"],
    inputs: () => createNews("retired"),
    names: () => "organization Acme Retired is disabled",
  },
  {
    what: "a pair that exists",
    fails: ["sinkOrgId", "pair-exists"],
    before: () =>
      sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] }),
    names: () => `${sandbox().listConnections()[0]?.id ?? ""} (audit), created by`,
  },
  { what: "no problem" },
  {
    what: "the same destination of another source",
    before: () => sandbox().connect({ source: "checkout", sink: "observability" }),
  },
  {
    what: "the pair in the opposite direction",
    before: () => sandbox().connect({ source: "observability", sink: "payments" }),
  },
  { what: "read-only credentials", inputs: () => createNews("observability", "readonly") },
  {
    what: "read-only credentials and an unknown destination",
    inputs: () => ({ ...createNews("observability", "readonly"), sinkOrgId: UNKNOWN_ID }),
  },
  { what: "a destination with an unknown value", inputs: () => ({ ...createNews(), sinkOrgId: UNKNOWN }) },
  {
    what: "a site that refuses the network connection",
    organizations: () => createOrganizationsAt("http://127.0.0.1:1"),
    notChecked: "connection-failed",
  },
  ...(["listConnections", "listOrganizations"] as const).map((route) => ({
    what: `${route} without a success`,
    before: () => setResponse(route, createStatusFault(503)),
    notChecked: "server-error",
  })),
  {
    what: "unavailable organizations, although the listing proves its caller",
    before: () => {
      for (const sink of ["search", "security"]) sandbox().connect({ source: "payments", sink });
      return setResponse("listOrganizations", createStatusFault(503));
    },
    notChecked: "server-error",
  },
  {
    what: "a listing with fewer rows than its total",
    notChecked: "incomplete-listing",
    before: () => {
      sandbox().connect({ source: "payments", sink: "observability" });
      return setResponse("listConnections", { kind: "short-page", drop: 1 });
    },
  },
  {
    what: "organizations that are forbidden to list",
    before: () => setResponse("listOrganizations", createStatusFault(403)),
  },
];

describe("a preview check", () => {
  test.each(causes)("$what: $fails", async (cause) => {
    cause.before?.();
    const context = createQuickOperation(sandbox(), {
      client: { retry: { maxAttempts: 2 } },
      ...(cause.organizations && { organizations: cause.organizations() }),
    });
    const { failures } = await check(context, {}, cause.inputs?.() ?? createNews());
    expect(context.warnings).toEqual(
      cause.notChecked === undefined
        ? []
        : [
            expect.stringMatching(
              `^not checked: the connections of organization "payments"\\. .+\\[${cause.notChecked}\\] \\[org`,
            ),
          ],
    );
    const notice = { kind: "not-checked", source: "payments", code: cause.notChecked };
    expect(parseNotices(context.warnings.join("\n")).notices).toEqual(cause.notChecked ? [notice] : []);
    expect(countWrites(sandbox())).toBe(0);
    if (!cause.fails) {
      expect(failures).toEqual([]);
      return;
    }
    const [property, code] = cause.fails;
    expect(failures).toEqual([{ property, reason: expect.stringContaining(`[${code}]`) as string }]);
    expect(failures[0]?.reason).toContain(cause.names?.() ?? "");
  });

  test("passes an adoption although the destination was disabled since", async () => {
    const id = sandbox().connect({ source: "payments", sink: "retired" });
    const context = createQuickOperation(sandbox());
    expect((await check(context, {}, { ...createNews("retired"), adopt: true })).failures).toEqual([]);
    expect(context.warnings).toEqual([expect.stringContaining(`will adopt connection ${id}`)]);
  });

  test.each([
    ["the types change", { connectionTypes: ["logs"] }],
    ["`source` is renamed", { source: "pay" }],
  ])("passes a change of a live connection whose destination was disabled since: %s", async (_, olds) => {
    const news = createNews("retired");
    const organizations = { pay: createEntry(sandbox(), "payments") };
    const runCheck = () =>
      check(createQuickOperation(sandbox(), { organizations }), { ...news, ...olds }, news);
    // Without the connection, no change can succeed.
    expect((await runCheck()).failures).toMatchObject([
      { reason: expect.stringContaining("disabled") as string },
    ]);
    sandbox().connect({ source: "payments", sink: "retired", connectionTypes: ["logs"] });
    expect((await runCheck()).failures).toEqual([]);
  });

  test("passes a replacement that adopts although the new destination was disabled since, in both of its checks", async () => {
    sandbox().connect({ source: "payments", sink: "retired" });
    const context = createQuickOperation(sandbox());
    const news = { ...createNews("retired"), adopt: true };
    expect((await check(context, createNews(), news)).failures).toEqual([]);
    expect((await check(context, {}, news)).failures).toEqual([]);
    expect(context.warnings).toEqual([expect.stringContaining("will adopt connection")]);
  });

  test("fails if a connection to a disabled destination may be deleted before it is created again", async () => {
    sandbox().connect({ source: "payments", sink: "retired" });
    const news = { ...createNews("retired"), [DELETE_BEFORE_REPLACE]: true };
    const { failures } = await check(createQuickOperation(sandbox()), {}, news);
    expect(failures).toMatchObject([{ reason: expect.stringContaining("is disabled") as string }]);
  });

  test.each<[string, FaultAction, string]>([
    ["a redirect", { kind: "redirect", location: "https://login.example.com/" }, "redirected"],
    ["a login page", { kind: "html", status: 200 }, "unexpected-response"],
    ["a 401", createStatusFault(401), "unauthenticated"],
  ])("fails after %s of only the list of organizations if the change needs it", async (_, what, code) => {
    setResponse("listOrganizations", what);
    const run = async (olds: object) =>
      (await check(createQuickOperation(sandbox()), { ...olds }, createNews())).failures;
    // The create of a new pair sends no such request.
    expect(await run({})).toEqual([]);
    // A change of types proves its organization first, and so does each change of a set.
    const failure = { property: "source", reason: expect.stringContaining(`[${code}]`) as string };
    expect(await run({ ...createNews(), connectionTypes: ["audit"] })).toEqual([failure]);
    const set = { source: "payments", connections: { [getOrgId("observability")]: ["logs"] } };
    expect((await checkSet(createQuickOperation(sandbox()), {}, set)).failures).toEqual([failure]);
  });

  test("has a different message for each cause", async () => {
    const messages: string[] = [];
    // An unknown destination and one in another account are the same cause: neither is visible.
    const failing = causes.filter(({ what, fails }) => fails && what !== "an unknown destination");
    for (const { before, organizations, inputs } of failing) {
      sandbox().reset();
      before?.();
      const context = createQuickOperation(sandbox(), organizations && { organizations: organizations() });
      messages.push((await check(context, {}, inputs?.() ?? createNews())).failures[0]?.reason ?? "");
    }
    const blanked = messages.map((text) =>
      text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|organization "\w+"/g, "…"),
    );
    expect(new Set(blanked).size).toBe(failing.length);
  });
});

describe("a pair that exists is no failure", () => {
  test("if diff has read it in this operation: the resource is being replaced", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox());
    await check(context, createNews(), createNews());
    await diff(context, connectionId, state, createNews());
    expect((await check(context, {}, createNews())).failures).toEqual([]);
  });

  test("if this operation has deleted it, by any name of the organization", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox(), {
      organizations: { pay: createEntry(sandbox(), "payments") },
    });
    // Loads the baseline.
    await check(context, {}, createNews("security"));
    await deleteConnection(context, connectionId, state);
    // After a change, only a create that may adopt is checked. It does not adopt what is gone.
    const news = { ...createNews("observability", "pay"), adopt: true };
    expect((await check(context, {}, news)).failures).toEqual([]);
    expect(context.warnings).toEqual([]);
  });

  test("if the resource keeps its destination and changes its types", async () => {
    await createDeclared(sandbox(), "payments", "observability");
    const { failures } = await check(
      createQuickOperation(sandbox()),
      { ...createNews(), connectionTypes: ["logs"] },
      createNews(),
    );
    expect(failures).toEqual([]);
  });
});
