/** Credentials that may only read: GET /api/v2/org is refused, so only the rows of lists can prove their organization. */
import { beforeEach, describe, expect, test } from "vitest";
import { SINGLE_TYPE } from "../../../core/src/host/type-tokens.js";
import { useSandbox } from "../../sandbox/harness.js";
import { useFolder } from "../folder.js";
import { createEnv } from "../live-env.js";
import { runCommand } from "../run-command.js";

/** How far the clock of the sandbox is behind: connections are older than the lists, whose times have whole seconds. */
let behindMs = 0;
const sandbox = useSandbox({ now: () => new Date(Date.now() - behindMs) });
const folder = useFolder();
const SOURCES = ["payments", "checkout", "search"];
beforeEach(() => {
  for (const source of SOURCES) sandbox().setPermissions(source, ["org_connections_read"]);
});
const getId = (key: string) => sandbox().getOrganization(key).id;
const getEnv = (...keys: string[]) => createEnv(sandbox(), keys);

interface InventoryReport {
  complete: boolean;
  organizations: { names: string[]; checked: boolean; code?: string; reason?: string; id?: string }[];
  connections: { id: string }[];
  missing: { id: string }[];
}
interface Check {
  check: string;
  verdict: string;
  cause?: string;
  found: string;
}

async function runInventory({ env = getEnv("payments"), args = [] as string[] } = {}) {
  const { code, stdout, stderr } = await runCommand(["inventory", "--format", "json", ...args], { env });
  return { code, stderr, report: JSON.parse(stdout) as InventoryReport };
}
async function runDoctor() {
  const args = ["doctor", "--format", "json", "--read-only"];
  const { stdout } = await runCommand(args, { env: getEnv("payments"), cwd: folder.path });
  const { organizations } = JSON.parse(stdout) as { organizations: { checks: Check[] }[] };
  const checks = organizations.flatMap((one) => one.checks);
  const find = (name: string) => checks.find(({ check }) => check === name);
  return { find, read: find("read"), causes: checks.flatMap(({ cause }) => cause ?? []) };
}

function connect(sink: string, source = "payments"): string {
  behindMs = 5000;
  const id = sandbox().connect({ source, sink });
  behindMs = 0;
  return id;
}
const GONE = "40bbb1c2-0000-4000-8000-0000000000ff";

/** Creates a state that manages a connection from payments to observability, which is gone. */
function writeState(): string {
  const outputs = {
    sourceOrgId: getId("payments"),
    sinkOrgId: getId("observability"),
    connectionTypes: ["logs"],
  };
  const resource = {
    urn: `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`,
    type: SINGLE_TYPE,
    id: GONE,
    outputs,
  };
  return folder.write("state.json", { version: 3, deployment: { resources: [resource] } });
}

interface Ends {
  source?: string;
  sink?: string;
}
function createRow(id: string, { source, sink }: Ends, createdAt = "2026-01-01T00:00:00.000000+00:00") {
  const createEnd = (key: string) => ({ data: { type: "orgs", id: getId(key) } });
  return {
    type: "org_connection",
    id,
    attributes: { created_at: createdAt, connection_types: ["logs"] },
    relationships: {
      ...(source !== undefined && { source_org: createEnd(source) }),
      ...(sink !== undefined && { sink_org: createEnd(sink) }),
    },
  };
}

/** Replaces the list of an organization. */
const replaceList = (body: object, organization = "payments") =>
  sandbox().fail({
    on: { route: "listConnections", organization },
    times: Infinity,
    moment: "before",
    what: { kind: "json", body },
  });
const createPage = (data: object[], total = data.length) => ({
  data,
  meta: { page: { total_count: total, total_filtered_count: total } },
});
const listRows = (...rows: Ends[]) =>
  replaceList(createPage(rows.map((row, at) => createRow(`40bbb1c2-0000-4000-8000-00000000000${at}`, row))));

describe("a list that does not prove its organization", () => {
  test.each<[string, Ends[]]>([
    ["an empty list", []],
    ["a list with one row", [{ source: "payments", sink: "security" }]],
    ["rows that lack an end", [{ source: "payments" }, { sink: "payments" }]],
    [
      "rows of one pair",
      [
        { source: "payments", sink: "search" },
        { source: "search", sink: "payments" },
      ],
    ],
  ])("%s: inventory lists its rows and exits 7, and doctor does not accept it either", async (_, rows) => {
    listRows(...rows);
    const { code, report, stderr } = await runInventory();
    expect([code, report.complete, report.connections.length]).toEqual([7, false, rows.length]);
    const [organization] = report.organizations;
    expect(organization).toMatchObject({
      names: ["payments"],
      checked: false,
      code: "organization-unproven",
    });
    expect(organization?.reason).toMatch(/DD_API_KEY__PAYMENTS.*GET \/api\/v2\/org.*`org_connections_write`/);
    expect(stderr).toMatch(/^NOT CHECKED: payments: /);

    const { read, causes } = await runDoctor();
    expect([read?.verdict, causes]).toEqual(["unknown", []]);
    expect(read?.found).toContain("inventory");
  });

  test.each([
    ["missing", [], 7],
    ["unmanaged", [], 7],
    ["missing,unmanaged", [], 7],
    ["unmanaged", ["security"], 6],
  ])(
    "--fail-on %s with %j live: exit %i, because only a finding takes precedence",
    async (kinds, sinks, exit) => {
      for (const sink of sinks) connect(sink);
      const { code, report } = await runInventory({ args: ["--state", writeState(), "--fail-on", kinds] });
      expect([code, report.complete, report.missing]).toEqual([exit, false, []]);
    },
  );

  test("has a line in each format, and the first remark does not count it", async () => {
    connect("security");
    for (const [format, line] of [
      ["table", /\n1 connection\. Checked: 0 of 1 organization\.\n[^]*\nNOT CHECKED: payments: /],
      ["csv", /\nnot checked,payments,/],
      ["markdown", /\n- \*\*NOT CHECKED:\*\* payments: /],
    ] as const) {
      const { code, stdout } = await runCommand(["inventory", "--format", format], {
        env: getEnv("payments"),
      });
      expect([code, stdout]).toEqual([7, expect.stringMatching(line)]);
    }
  });

  test.each<[string, string[], number, string]>([
    ["map --live draws what was read", ["security"], 7, "security"],
    ["map --live without anything to draw fails with the reason", [], 1, ""],
    ["discover does not declare what may be another organization's", ["security"], 7, ""],
  ])("%s", async (title, sinks, exit, drawn) => {
    for (const sink of sinks) connect(sink);
    const args = title.startsWith("map") ? ["map", "--live", "--format", "json"] : ["discover"];
    const { code, stdout, stderr } = await runCommand(args, { env: getEnv("payments") });
    expect([code, stdout === ""]).toEqual([exit, drawn === ""]);
    if (drawn !== "") expect(stdout).toContain(getId(drawn));
    expect(stderr).toMatch(/^NOT CHECKED: payments: .*nothing proves/);
    expect(stderr).not.toContain("that others share");
  });
});

test("two rows with one organization in common prove it: missing connections are reported, and doctor accepts the list", async () => {
  for (const sink of ["security", "search"]) connect(sink);
  const { code, report } = await runInventory({ args: ["--state", writeState(), "--fail-on", "missing"] });
  expect([code, report.complete, report.missing.map(({ id }) => id)]).toEqual([6, true, [GONE]]);
  expect(report.organizations).toMatchObject([{ id: getId("payments"), checked: true }]);
  expect((await runDoctor()).read?.verdict).toBe("ok");
});

test("a failed request for the organization is reported as such", async () => {
  const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
  sandbox().fail({ on: { route: "listOrganizations" }, times: Infinity, moment: "before", what });
  connect("security");
  const { code, report } = await runInventory();
  expect([code, report.organizations[0]?.code, report.connections.length]).toEqual([7, "bad-request", 1]);
});

describe("doctor does not accept a list that inventory rejects", () => {
  const row = (id: string) => createRow(id, { source: "payments", sink: "security" });
  const countAs = (total: number, ...ids: string[]) => createPage(ids.map(row), total);
  test.each<[string, () => object, string, string]>([
    ["rows missing against its own total", () => countAs(2, "1"), "incomplete-listing", "incomplete-listing"],
    ["more rows than its own total", () => countAs(1, "1", "2"), "incomplete-listing", "incomplete-listing"],
    ["one row twice", () => countAs(2, "1", "1"), "incomplete-listing", "incomplete-listing"],
    ["another service's JSON", () => ({ data: {} }), "not-datadog", "unexpected-response"],
    [
      "a row without types",
      () => ({ data: [{ id: "1", attributes: { created_at: "" } }] }),
      "not-datadog",
      "unexpected-response",
    ],
  ])("%s: a problem with its cause", async (_, createBody, cause, code) => {
    replaceList(createBody());
    const { read, causes, find } = await runDoctor();
    expect([read?.verdict, causes]).toEqual(["problem", [cause]]);
    expect(find("feature")?.verdict).toBe(cause === "not-datadog" ? "unknown" : "ok");
    const { code: exit, report } = await runInventory();
    expect([exit, report.organizations[0]?.code, report.connections]).toEqual([7, code, []]);
  });

  test("a list of more than one page is not read to its end", async () => {
    const sinks = SOURCES.slice(1);
    const rows = Array.from({ length: 1000 }, (_, at) =>
      createRow(String(at), { source: "payments", sink: sinks[at % 2] ?? "" }),
    );
    replaceList(createPage(rows, 1001));
    const { read, causes } = await runDoctor();
    expect([read?.verdict, causes]).toEqual(["unknown", []]);
    expect(read?.found).toContain("1,000 of 1,001");
  });

  test("a list of organizations in an unexpected form does not prove write permission", async () => {
    const what = { kind: "json", body: { data: [] } } as const;
    sandbox().fail({ on: { route: "listOrganizations" }, moment: "before", what });
    expect((await runDoctor()).find("write")).toMatchObject({ verdict: "problem", cause: "not-datadog" });
  });
});

describe("several sources with one connection to a hub each", () => {
  const getIds = ({ organizations }: InventoryReport) =>
    Object.fromEntries(organizations.map(({ names, id }) => [names.join(), id ?? "not checked"]));
  const runAll = (more: Record<string, string> = {}, ...args: string[]) =>
    runInventory({ env: { ...getEnv(...SOURCES), ...more }, args });
  const connectAll = (sinks = SOURCES.map(() => "observability")) =>
    SOURCES.map((source, at) => connect(sinks[at] ?? "", source));

  test("are checked: each list shows a connection of the hub that the other lists lack", async () => {
    connectAll();
    const before = sandbox().requests.length;
    const { code, report } = await runAll({}, "--state", writeState(), "--fail-on", "missing");
    expect(getIds(report)).toEqual(Object.fromEntries(SOURCES.map((key) => [key, getId(key)])));
    expect([code, report.complete, report.missing.map(({ id }) => id)]).toEqual([6, true, [GONE]]);
    const lists = sandbox()
      .requests.slice(before)
      .filter(({ route }) => route === "listConnections");
    expect(lists).toHaveLength(SOURCES.length + 2);
  });

  test("one is not checked if no other list shows its hub", async () => {
    connectAll(["observability", "observability", "security"]);
    const { code, report } = await runAll();
    expect(getIds(report)).toEqual({
      checkout: getId("checkout"),
      payments: getId("payments"),
      search: "not checked",
    });
    expect(code).toBe(7);
  });

  test("the hub's own credentials under a source's name belong to the hub: their list lacks nothing", async () => {
    connectAll();
    sandbox().setPermissions("observability", ["org_connections_read"]);
    const { apiKey, appKey } = sandbox().getOrganization("observability");
    const { report } = await runAll({ DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey });
    expect(getIds(report)).toMatchObject({ payments: getId("observability") });
  });

  test("a connection that was deleted meanwhile proves nothing", async () => {
    const [first = ""] = connectAll();
    sandbox().disconnect(first);
    // The list of payments is empty, so nothing is known about it. The others still prove each other.
    const { report } = await runAll();
    expect(getIds(report)).toEqual({
      checkout: getId("checkout"),
      payments: "not checked",
      search: getId("search"),
    });
  });

  test.each([
    ["a day after the list", 86_400_000],
    ["between the request for the list and the response", 0],
  ])("a connection that was created %s proves nothing about that list", async (_, afterMs) => {
    connect("observability");
    const createdAt = new Date(Date.now() + afterMs).toISOString();
    const ends = { source: "checkout", sink: "observability" };
    replaceList({ data: [createRow("40bbb1c2-0000-4000-8000-0000000000aa", ends, createdAt)] }, "checkout");
    expect(getIds((await runAll()).report)).toMatchObject({ payments: "not checked" });
  });
});
