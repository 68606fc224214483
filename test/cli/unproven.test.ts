import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { SINGLE_TYPE } from "../../provider/src/type-tokens.js";
import { useSandbox } from "../sandbox/harness.js";
import { createEnv } from "./live-env.js";
import { runCommand } from "./run-command.js";

// Read-only credentials: GET /api/v2/org is refused, so only the rows of the list can prove the organization.
const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "unproven-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => sandbox().setPermissions("payments", ["org_connections_read"]));
const getId = (key: string) => sandbox().getOrganization(key).id;
const createReadOnlyEnv = () => createEnv(sandbox(), ["payments"]);

interface InventoryReport {
  complete: boolean;
  organizations: { names: string[]; checked: boolean; code?: string; reason?: string; id?: string }[];
  connections: { id: string }[];
  missing: { id: string }[];
}

/** Creates a state that manages one connection from payments to observability. */
function writeState(id: string): string {
  const urn = `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`;
  const outputs = {
    sourceOrgId: getId("payments"),
    sinkOrgId: getId("observability"),
    connectionTypes: ["logs"],
  };
  const file = path.join(folder, "state.json");
  writeFileSync(
    file,
    JSON.stringify({ version: 3, deployment: { resources: [{ urn, type: SINGLE_TYPE, id, outputs }] } }),
  );
  return file;
}

/** Replaces the list of payments by these rows, with the given ends. */
function listRows(...rows: { source?: string; sink?: string }[]): void {
  const data = rows.map(({ source, sink }, at) => ({
    type: "org_connection",
    id: `40bbb1c2-0000-4000-8000-00000000000${at}`,
    attributes: { created_at: `2026-01-0${at + 1}T00:00:00.000000+00:00`, connection_types: ["logs"] },
    relationships: {
      ...(source !== undefined && { source_org: { data: { type: "orgs", id: getId(source) } } }),
      ...(sink !== undefined && { sink_org: { data: { type: "orgs", id: getId(sink) } } }),
    },
  }));
  const body = { data, meta: { page: { total_count: rows.length, total_filtered_count: rows.length } } };
  sandbox().fail({
    on: { route: "listConnections" },
    times: Infinity,
    moment: "before",
    what: { kind: "json", body },
  });
}

async function runInventory(...args: string[]) {
  const { code, stdout, stderr } = await runCommand(["inventory", "--format", "json", ...args], {
    env: createReadOnlyEnv(),
  });
  return { code, stderr, report: JSON.parse(stdout) as InventoryReport };
}

const unprovable: [string, { source?: string; sink?: string }[]][] = [
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
];
const GONE = "40bbb1c2-0000-4000-8000-0000000000ff";

describe("inventory, with credentials of an unproven organization", () => {
  test.each(unprovable)("%s: not checked, the rows are listed, exit 7", async (_, rows) => {
    listRows(...rows);
    const { code, report, stderr } = await runInventory();
    expect([code, report.complete, report.connections.length]).toEqual([7, false, rows.length]);
    expect(report.organizations).toMatchObject([
      {
        names: ["payments"],
        checked: false,
        code: "organization-unproven",
        reason: expect.stringMatching(
          /DD_API_KEY__PAYMENTS.*GET \/api\/v2\/org.*`org_connections_write`/,
        ) as string,
      },
    ]);
    expect(stderr).toMatch(/^NOT CHECKED: payments: /);
  });

  test.each(["missing", "unmanaged", "missing,unmanaged"])(
    "--fail-on %s without findings does not pass either",
    async (findings) => {
      const { code, report } = await runInventory("--state", writeState(GONE), "--fail-on", findings);
      expect([code, report.complete, report.missing]).toEqual([7, false, []]);
    },
  );

  test("a finding takes precedence over an unchecked organization", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    expect((await runInventory("--state", writeState(GONE), "--fail-on", "unmanaged")).code).toBe(6);
  });

  test("two rows with one organization in common prove it, and missing connections are reported", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "search" });
    const { code, report } = await runInventory("--state", writeState(GONE), "--fail-on", "missing");
    expect([code, report.complete, report.missing.map(({ id }) => id)]).toEqual([6, true, [GONE]]);
    expect(report.organizations).toMatchObject([{ id: getId("payments"), checked: true }]);
  });

  test("a failed request for the organization is reported as such", async () => {
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    sandbox().fail({ on: { route: "listOrganizations" }, times: Infinity, moment: "before", what });
    sandbox().connect({ source: "payments", sink: "security" });
    const { code, report } = await runInventory();
    expect([code, report.organizations[0]?.code, report.connections.length]).toEqual([7, "bad-request", 1]);
  });

  test("the first remark does not count it as checked, although it lists the connection", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const { stdout } = await runCommand(["inventory"], { env: createReadOnlyEnv() });
    expect(stdout).toContain("\n1 connection. Checked: 0 of 1 organization.\n");
  });

  test("table, CSV and Markdown list the unchecked organization", async () => {
    for (const [format, line] of [
      ["table", /\nNOT CHECKED: payments: /],
      ["csv", /\nnot checked,payments,/],
      ["markdown", /\n- \*\*NOT CHECKED:\*\* payments: /],
    ] as const) {
      const { code, stdout } = await runCommand(["inventory", "--format", format], {
        env: createReadOnlyEnv(),
      });
      expect([code, stdout]).toEqual([7, expect.stringMatching(line)]);
    }
  });
});

describe("the other commands use the same rule", () => {
  test("map --live draws what was read, lists the unchecked organization, and exits 7", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const { code, stdout, stderr } = await runCommand(["map", "--live", "--format", "json"], {
      env: createReadOnlyEnv(),
    });
    expect(code).toBe(7);
    expect(stderr).toMatch(/^NOT CHECKED: payments: .*nothing proves/);
    expect(stdout).toContain(getId("security"));
  });

  test("map --live without anything to draw fails with the reason", async () => {
    const { code, stdout, stderr } = await runCommand(["map", "--live"], { env: createReadOnlyEnv() });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/NOT CHECKED: payments: .*nothing proves/);
  });

  test("discover does not declare what may be another organization's, and exits 7", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const { code, stdout, stderr } = await runCommand(["discover"], { env: createReadOnlyEnv() });
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toMatch(/^NOT CHECKED: payments: .*nothing proves/);
    expect(stderr).not.toContain("that others share");
  });
});

describe("doctor does not accept a list that inventory rejects", () => {
  async function runDoctor() {
    const ran = await runCommand(["doctor", "--format", "json", "--read-only"], {
      env: createReadOnlyEnv(),
      cwd: folder,
    });
    const { organizations } = JSON.parse(ran.stdout) as {
      organizations: { checks: { check: string; verdict: string; cause?: string; found: string }[] }[];
    };
    const checks = organizations.flatMap((one) => one.checks);
    const causes = checks.flatMap(({ cause }) => cause ?? []);
    return { read: checks.find(({ check }) => check === "read"), checks, causes };
  }

  test.each(unprovable)("%s: its organization is unknown", async (_, rows) => {
    listRows(...rows);
    const { read, causes } = await runDoctor();
    expect(read).toMatchObject({ verdict: "unknown", found: expect.stringContaining("inventory") as string });
    expect(causes).toEqual([]);
  });

  test("a list that is proven is ok", async () => {
    listRows({ source: "payments", sink: "security" }, { source: "payments", sink: "search" });
    expect((await runDoctor()).read?.verdict).toBe("ok");
    expect((await runInventory()).code).toBe(0);
  });

  test.each([
    [
      "rows missing against its own total",
      { kind: "short-page", drop: 1 },
      "incomplete-listing",
      "incomplete-listing",
    ],
    [
      "more rows than its own total",
      {
        kind: "json",
        body: { data: [createWireRow("1"), createWireRow("2")], meta: { page: { total_count: 1 } } },
      },
      "incomplete-listing",
      "incomplete-listing",
    ],
    [
      "one row twice",
      {
        kind: "json",
        body: { data: [createWireRow("1"), createWireRow("1")], meta: { page: { total_count: 2 } } },
      },
      "incomplete-listing",
      "incomplete-listing",
    ],
    ["another service's JSON", { kind: "json", body: { data: {} } }, "not-datadog", "unexpected-response"],
    [
      "a row without types",
      { kind: "json", body: { data: [{ id: "1", attributes: { created_at: "" } }] } },
      "not-datadog",
      "unexpected-response",
    ],
  ] as const)("%s: a problem with its cause", async (_, what, cause, code) => {
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "search" });
    sandbox().fail({ on: { route: "listConnections" }, times: Infinity, moment: "after", what });
    const { read, checks, causes } = await runDoctor();
    expect(read).toMatchObject({ verdict: "problem", cause });
    expect(causes).toEqual([cause]);
    expect(checks.find(({ check }) => check === "feature")?.verdict).not.toBe(
      cause === "not-datadog" ? "ok" : "unknown",
    );
    const { code: exit, report } = await runInventory();
    expect([exit, report.organizations[0]?.code]).toEqual([7, code]);
  });

  test("a list of more than one page is not read to its end", async () => {
    const data = Array.from({ length: 1000 }, (_, at) => createWireRow(String(at)));
    const body = { data, meta: { page: { total_count: 1001, total_filtered_count: 1001 } } };
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what: { kind: "json", body } });
    const { read, causes } = await runDoctor();
    expect(read).toMatchObject({
      verdict: "unknown",
      found: expect.stringContaining("1,000 of 1,001") as string,
    });
    expect(causes).toEqual([]);
  });

  test("a list of organizations in an unexpected form does not prove write permission", async () => {
    const what = { kind: "json", body: { data: [] } } as const;
    sandbox().fail({ on: { route: "listOrganizations" }, moment: "before", what });
    const { checks } = await runDoctor();
    expect(checks.find(({ check }) => check === "write")).toMatchObject({
      verdict: "problem",
      cause: "not-datadog",
    });
  });
});

function createWireRow(id: string) {
  return {
    type: "org_connection",
    id,
    attributes: { created_at: "2026-01-01T00:00:00.000000+00:00", connection_types: ["logs"] },
    relationships: {
      source_org: { data: { type: "orgs", id: "aaaaaaaa-0003-4000-8000-000000000003" } },
      sink_org: { data: { type: "orgs", id: `bbbbbbbb-0003-4000-8000-${id.padStart(12, "0")}` } },
    },
  };
}
