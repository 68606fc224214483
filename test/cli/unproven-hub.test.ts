import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { SINGLE_TYPE } from "../../provider/src/type-tokens.js";
import { createClock, useSandbox } from "../sandbox/harness.js";
import { envOf } from "./live-env.js";
import { runCommand } from "./run-command.js";

const clock = createClock();
const sandbox = useSandbox({ now: clock.now });
const folder = mkdtempSync(path.join(tmpdir(), "unproven-hub-"));
afterAll(() => rmSync(folder, { recursive: true }));
const idOf = (key: string) => sandbox().organization(key).id;
const GONE = "40bbb1c2-0000-4000-8000-0000000000ff";

interface Report {
  complete: boolean;
  organizations: { names: string[]; checked: boolean; code?: string; id?: string }[];
  missing: { id: string }[];
}

/** A connection that is older than the lists: the responses' times have whole seconds. */
function connect(source: string, sink: string): string {
  const id = sandbox().connect({ source, sink });
  clock.advance(5);
  return id;
}

/** A state that manages one connection from payments to observability. */
function state(id: string): string {
  const urn = `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`;
  const ends = { sourceOrgId: idOf("payments"), sinkOrgId: idOf("observability") };
  const resource = { urn, type: SINGLE_TYPE, id, outputs: { ...ends, connectionTypes: ["logs"] } };
  const file = path.join(folder, "state.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [resource] } }));
  return file;
}

describe("several sources with one connection to a hub each, all with keys that may only read", () => {
  const SOURCES = ["payments", "checkout", "search"];
  const all = () => envOf(sandbox(), SOURCES);
  beforeEach(() => {
    for (const source of SOURCES) sandbox().setPermissions(source, ["org_connections_read"]);
  });
  async function take(...args: string[]) {
    const { code, stdout } = await runCommand(["inventory", "--format", "json", ...args], { env: all() });
    return { code, report: JSON.parse(stdout) as Report };
  }
  const checked = ({ organizations }: Report) =>
    Object.fromEntries(organizations.map(({ names, id }) => [names.join(), id ?? "not checked"]));

  test("are checked: each list shows a connection of the hub that the other lists lack", async () => {
    for (const source of SOURCES) connect(source, "observability");
    const before = sandbox().requests.length;
    const { code, report } = await take("--state", state(GONE), "--fail-on", "missing");
    expect(checked(report)).toEqual({
      CHECKOUT: idOf("checkout"),
      PAYMENTS: idOf("payments"),
      SEARCH: idOf("search"),
    });
    expect([code, report.complete, report.missing.map(({ id }) => id)]).toEqual([6, true, [GONE]]);
    const lists = sandbox()
      .requests.slice(before)
      .filter(({ route }) => route === "listConnections");
    expect(lists).toHaveLength(SOURCES.length + 2);
  });

  test("one whose hub no other list shows stays not checked", async () => {
    connect("payments", "observability");
    connect("checkout", "observability");
    connect("search", "security");
    const { code, report } = await take();
    expect(checked(report)).toEqual({
      CHECKOUT: idOf("checkout"),
      PAYMENTS: idOf("payments"),
      SEARCH: "not checked",
    });
    expect(code).toBe(7);
  });

  test("the hub's own keys under a source's name are the hub's: their list lacks nothing", async () => {
    for (const source of SOURCES) connect(source, "observability");
    sandbox().setPermissions("observability", ["org_connections_read"]);
    const { apiKey, appKey } = sandbox().organization("observability");
    const env = { ...all(), DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
    const { stdout } = await runCommand(["inventory", "--format", "json"], { env });
    expect(checked(JSON.parse(stdout) as Report)).toMatchObject({ PAYMENTS: idOf("observability") });
  });

  test("a connection that ended meanwhile is no witness", async () => {
    const [first] = SOURCES.map((source) => connect(source, "observability"));
    sandbox().disconnect(first ?? "");
    // payments' list is empty: nothing at all is known of it. The others still witness for one another.
    const { report } = await take();
    expect(checked(report)).toEqual({
      CHECKOUT: idOf("checkout"),
      PAYMENTS: "not checked",
      SEARCH: idOf("search"),
    });
  });

  test("a connection that is younger than a list is no witness against it", async () => {
    connect("payments", "observability");
    const tomorrow = new Date(clock.now().getTime() + 86_400_000).toISOString();
    const end = (key: string) => ({ data: { type: "orgs", id: idOf(key) } });
    const row = {
      type: "org_connection",
      id: "40bbb1c2-0000-4000-8000-0000000000aa",
      attributes: { created_at: tomorrow, connection_types: ["logs"] },
      relationships: { source_org: end("checkout"), sink_org: end("observability") },
    };
    sandbox().fail({
      on: { route: "listConnections", organization: "checkout" },
      times: Infinity,
      moment: "before",
      what: { kind: "json", body: { data: [row] } },
    });
    const { report } = await take();
    expect(checked(report)).toMatchObject({ PAYMENTS: "not checked" });
  });
});
