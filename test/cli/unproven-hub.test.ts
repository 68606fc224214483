import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { SINGLE_TYPE } from "../../provider/src/type-tokens.js";
import { createClock, useSandbox } from "../sandbox/harness.js";
import { createEnv } from "./live-env.js";
import { runCommand } from "./run-command.js";

const clock = createClock();
const sandbox = useSandbox({ now: clock.now });
const folder = mkdtempSync(path.join(tmpdir(), "unproven-hub-"));
afterAll(() => rmSync(folder, { recursive: true }));
const getId = (key: string) => sandbox().getOrganization(key).id;
const GONE = "40bbb1c2-0000-4000-8000-0000000000ff";

interface InventoryReport {
  complete: boolean;
  organizations: { names: string[]; checked: boolean; code?: string; id?: string }[];
  missing: { id: string }[];
}

/** Creates a connection that is older than the lists, whose times have whole seconds. */
function connect(source: string, sink: string): string {
  const id = sandbox().connect({ source, sink });
  clock.advance(5);
  return id;
}

/** Creates a state that manages one connection from payments to observability. */
function writeState(id: string): string {
  const urn = `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`;
  const ends = { sourceOrgId: getId("payments"), sinkOrgId: getId("observability") };
  const resource = { urn, type: SINGLE_TYPE, id, outputs: { ...ends, connectionTypes: ["logs"] } };
  const file = path.join(folder, "state.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [resource] } }));
  return file;
}

describe("several sources with one connection to a hub each, all with read-only credentials", () => {
  const SOURCES = ["payments", "checkout", "search"];
  const createAllEnv = () => createEnv(sandbox(), SOURCES);
  beforeEach(() => {
    for (const source of SOURCES) sandbox().setPermissions(source, ["org_connections_read"]);
  });
  async function runInventory(...args: string[]) {
    const { code, stdout } = await runCommand(["inventory", "--format", "json", ...args], {
      env: createAllEnv(),
    });
    return { code, report: JSON.parse(stdout) as InventoryReport };
  }
  const getCheckedIds = ({ organizations }: InventoryReport) =>
    Object.fromEntries(organizations.map(({ names, id }) => [names.join(), id ?? "not checked"]));

  test("are checked: each list shows a connection of the hub that the other lists lack", async () => {
    for (const source of SOURCES) connect(source, "observability");
    const before = sandbox().requests.length;
    const { code, report } = await runInventory("--state", writeState(GONE), "--fail-on", "missing");
    expect(getCheckedIds(report)).toEqual({
      checkout: getId("checkout"),
      payments: getId("payments"),
      search: getId("search"),
    });
    expect([code, report.complete, report.missing.map(({ id }) => id)]).toEqual([6, true, [GONE]]);
    const lists = sandbox()
      .requests.slice(before)
      .filter(({ route }) => route === "listConnections");
    expect(lists).toHaveLength(SOURCES.length + 2);
  });

  test("one is not checked if no other list shows its hub", async () => {
    connect("payments", "observability");
    connect("checkout", "observability");
    connect("search", "security");
    const { code, report } = await runInventory();
    expect(getCheckedIds(report)).toEqual({
      checkout: getId("checkout"),
      payments: getId("payments"),
      search: "not checked",
    });
    expect(code).toBe(7);
  });

  test("the hub's own credentials under a source's name belong to the hub: their list lacks nothing", async () => {
    for (const source of SOURCES) connect(source, "observability");
    sandbox().setPermissions("observability", ["org_connections_read"]);
    const { apiKey, appKey } = sandbox().getOrganization("observability");
    const env = { ...createAllEnv(), DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
    const { stdout } = await runCommand(["inventory", "--format", "json"], { env });
    expect(getCheckedIds(JSON.parse(stdout) as InventoryReport)).toMatchObject({
      payments: getId("observability"),
    });
  });

  test("a connection that was deleted meanwhile proves nothing", async () => {
    const [first] = SOURCES.map((source) => connect(source, "observability"));
    sandbox().disconnect(first ?? "");
    // The list of payments is empty, so nothing is known about it. The others still prove each other.
    const { report } = await runInventory();
    expect(getCheckedIds(report)).toEqual({
      checkout: getId("checkout"),
      payments: "not checked",
      search: getId("search"),
    });
  });

  test.each([
    ["a day after the list", 86_400_000],
    ["between the request for the list and the response", 0],
  ])("a connection that was created %s proves nothing about that list", async (_, afterMs) => {
    connect("payments", "observability");
    const createdAt = new Date(clock.now().getTime() + afterMs).toISOString();
    const createEnd = (key: string) => ({ data: { type: "orgs", id: getId(key) } });
    const row = {
      type: "org_connection",
      id: "40bbb1c2-0000-4000-8000-0000000000aa",
      attributes: { created_at: createdAt, connection_types: ["logs"] },
      relationships: { source_org: createEnd("checkout"), sink_org: createEnd("observability") },
    };
    sandbox().fail({
      on: { route: "listConnections", organization: "checkout" },
      times: Infinity,
      moment: "before",
      what: { kind: "json", body: { data: [row] } },
    });
    const { report } = await runInventory();
    expect(getCheckedIds(report)).toMatchObject({ payments: "not checked" });
  });
});
