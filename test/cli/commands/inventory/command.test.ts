import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSeed, startSandbox, type Sandbox } from "../../../../sandbox/src/index.js";
import { SET_TYPE, SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { useFolder } from "../../folder.js";
import { createEnv } from "../../live-env.js";
import { createShownState } from "../../plans.js";
import { runCommand } from "../../run-command.js";

interface Owner {
  tool: string;
  location: string;
  resource: string;
  address: string;
}
interface Report {
  complete: boolean;
  organizations: {
    names: string[];
    id?: string;
    name?: string;
    checked: boolean;
    code?: string;
    reason?: string;
  }[];
  connections: {
    id: string;
    connectionTypes: string[];
    createdBy?: Record<string, unknown>;
    listedBy: string[];
    managedBy: Owner[] | null;
    source?: { id: string; name?: string };
    sink?: { id: string; name?: string };
    ageDays?: number;
  }[];
  missing: { id: string }[];
}

const folder = useFolder();

async function runInventory(env: Record<string, string>, ...args: string[]) {
  const options = { env, cwd: folder.path };
  const ran = await runCommand(["inventory", "--format", "json", ...args], options);
  return { ...ran, report: ran.stdout === "" ? undefined : (JSON.parse(ran.stdout) as Report) };
}

const listIds = (report: Report | undefined) => report?.connections.map(({ id }) => id).sort();

describe("12 organizations and 1,521 connections", () => {
  /** More than one page. */
  const OF_HUB = 1300;
  const members = Array.from({ length: 11 }, (_, index) => `source-${index + 1}`);
  const configured = ["observability", ...members];
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ seed: createSeed({ sources: OF_HUB }) });
    for (let n = 1; n <= OF_HUB; n++) sandbox.connect({ source: `source-${n}`, sink: "observability" });
    for (const source of members) {
      for (let n = 0; n < 20; n++)
        sandbox.connect({ source, sink: `source-${100 + n}`, connectionTypes: ["metrics"] });
    }
    sandbox.connect({ source: "source-1", sink: "security", connectionTypes: ["audit"] });
  });
  afterAll(() => sandbox.close());
  const listLive = (isVisible: (one: { sourceOrgId: string; sinkOrgId: string }) => boolean = () => true) =>
    sandbox
      .listConnections()
      .filter(isVisible)
      .map(({ id }) => id)
      .sort();

  test("all are listed once, with exit 0", async () => {
    const { code, report, stderr } = await runInventory(createEnv(sandbox, configured));
    expect([code, stderr, report?.complete]).toEqual([0, "", true]);
    expect(listLive()).toHaveLength(1521);
    expect(listIds(report)).toEqual(listLive());
  });

  test("an organization that refuses is not checked, all others are listed, exit 7", async () => {
    sandbox.setPermissions("source-7", ["org_connections_write"]);
    const { code, report, stderr } = await runInventory(createEnv(sandbox, configured));
    const [hidden, hub] = ["source-7", "observability"].map((key) => sandbox.getOrganization(key).id);
    const visible = listLive(({ sourceOrgId, sinkOrgId }) => sourceOrgId !== hidden || sinkOrgId === hub);
    expect(visible).toHaveLength(1521 - 20);
    expect(listIds(report)).toEqual(visible);
    expect([code, report?.complete]).toEqual([7, false]);
    const [unchecked, ...others] = report?.organizations.filter(({ checked }) => !checked) ?? [];
    expect([unchecked?.names, unchecked?.code, others]).toEqual([["source-7"], "forbidden", []]);
    expect(unchecked?.reason).toContain("org_connections_read");
    expect(stderr).toMatch(/^NOT CHECKED: source-7: Datadog denied/);
  });
});

const sandbox = useSandbox();
const getEnv = (...keys: string[]) => createEnv(sandbox(), keys);
const connect = (sink: string) => sandbox().connect({ source: "payments", sink });

describe("rows", () => {
  test("a connection that both organizations list is one row, with its creator and both names; it only reads", async () => {
    const { id: source, user } = sandbox().getOrganization("payments");
    const { id: sink } = sandbox().getOrganization("observability");
    const createdBy = { ...user, serviceAccount: true };
    const id = sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { report } = await runInventory(getEnv("payments", "observability", "readonly"));
    const { name, handle, email } = user;
    expect(report?.connections).toMatchObject([
      {
        id,
        source: { id: source, name: "Acme Payments" },
        sink: { id: sink, name: "Acme Observability" },
        connectionTypes: ["logs"],
        createdBy: { id: user.id, name, handle, email, serviceAccount: true },
        listedBy: ["observability", "payments"],
        ageDays: 0,
        managedBy: null,
      },
    ]);
    const [first, second] = report?.organizations ?? [];
    expect([first?.name, second?.name]).toEqual(["Acme Observability", "Acme Payments"]);
    expect(new Set(sandbox().requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  test("the age is in whole days by the clock of this machine", async () => {
    const old = await startSandbox({ now: () => new Date(Date.now() - 9.5 * 86_400_000) });
    old.connect({ source: "payments", sink: "observability" });
    const { report } = await runInventory(createEnv(old, ["payments"]));
    await old.close();
    expect(report?.connections[0]?.ageDays).toBe(9);
  });

  test("two names with the same keys are one organization, read once", async () => {
    connect("observability");
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    const twice = { ...getEnv("payments"), DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_HOST: sandbox().url };
    const { report } = await runInventory(twice);
    expect(report?.organizations.map(({ names }) => names)).toEqual([["(default)", "payments"]]);
    expect(report?.connections[0]?.listedBy).toEqual(["(default)"]);
    expect(sandbox().requests.filter(({ route }) => route === "listConnections")).toHaveLength(1);
  });

  test("an organization with one of its two keys is not checked, and the message names the missing key", async () => {
    const { report, code } = await runInventory({ ...getEnv("payments"), DD_API_KEY__SHOP: "half" });
    expect(code).toBe(7);
    expect(report?.organizations).toMatchObject([
      { names: ["payments"], checked: true },
      { names: ["shop"], checked: false, code: "credentials-missing" },
    ]);
    expect(report?.organizations[1]?.reason).toContain("DD_APP_KEY__SHOP");
  });

  test("no organization at all is a failure, not an empty inventory", async () => {
    const { code, stdout, stderr } = await runInventory({});
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("DD_API_KEY__NAME");
  });
});

describe("managed or not", () => {
  const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";
  const getId = (key: string) => sandbox().getOrganization(key).id;
  const createResource = (type: string, name: string, id: string, outputs: object) => ({
    urn: `urn:pulumi:dev::acme::${type}::${name}`,
    type,
    id,
    outputs: { sourceOrgId: getId("payments"), sourceOrgName: "Acme Payments", ...outputs },
  });
  const createOutputs = (sink: string) => ({ sinkOrgId: getId(sink), connectionTypes: ["logs"] });
  const writeStack = (...resources: object[]) =>
    folder.write("stack.json", { version: 3, deployment: { resources } });

  /** Writes a state with a single connection and a set with one member. */
  const writeState = (single: string, member: string) =>
    writeStack(
      createResource(SINGLE_TYPE, "to-hub", single, createOutputs("observability")),
      createResource(SET_TYPE, "all", getId("payments"), {
        connections: { [getId("security")]: ["logs"] },
        members: { [getId("security")]: { id: member } },
      }),
    );

  test("single and set are reported with stack and resource; an undeclared connection is unmanaged: exit 6 on request", async () => {
    const [single, member, undeclared] = ["observability", "security", "search"].map(connect) as [
      string,
      string,
      string,
    ];
    const args = ["--state", writeState(single.toUpperCase(), member)];
    const { report, code } = await runInventory(getEnv("payments"), ...args);
    expect(code).toBe(0);
    const owners = new Map(report?.connections.map(({ id, managedBy }) => [id, managedBy]));
    expect(owners.get(single)).toMatchObject([{ location: "acme/dev", resource: "to-hub" }]);
    expect(owners.get(member)).toMatchObject([{ location: "acme/dev", resource: "all" }]);
    expect(owners.get(undeclared)).toEqual([]);
    const fail = async (...kinds: string[]) =>
      (await runInventory(getEnv("payments"), ...args, ...kinds.flatMap((kind) => ["--fail-on", kind]))).code;
    expect([await fail("unmanaged"), await fail("unmanaged", "missing")]).toEqual([6, 6]);
    sandbox().disconnect(undeclared);
    expect(await fail("unmanaged")).toBe(0);
  });

  test("a connection in the state that is not live is missing if its source or destination was read", async () => {
    const [single, member] = ["observability", "security"].map(connect) as [string, string];
    const args = ["--state", writeState(single, member), "--fail-on", "missing,unmanaged"];
    sandbox().disconnect(member);
    const read = await runInventory(getEnv("payments"), ...args);
    expect([read.code, read.report?.missing.map(({ id }) => id)]).toEqual([6, [member]]);
    sandbox().setPermissions("payments", []);
    const unread = await runInventory(getEnv("payments"), ...args);
    expect([unread.code, unread.report?.missing]).toEqual([7, []]);
  });

  test("--fail-on without a state, or with another value, is invalid usage", async () => {
    expect((await runInventory(getEnv("payments"), "--fail-on", "unmanaged")).code).toBe(2);
    expect((await runInventory(getEnv("payments"), "--state", "x", "--fail-on", "everything")).code).toBe(2);
  });

  /** Writes a Terraform state with one connection, and a stack of `@pulumi/datadog` with both. */
  function writeOtherTools(hub: string, security: string): string[] {
    const values = { id: hub, source_org_id: getId("payments"), sink_org_id: getId("observability") };
    const address = 'datadog_org_connection.all["hub"]';
    folder.write(
      "terraform.json",
      createShownState({ [address]: { ...values, connection_types: ["logs"] } }),
    );
    writeStack(
      createResource(OFFICIAL_TYPE, "observability", hub, createOutputs("observability")),
      createResource(OFFICIAL_TYPE, "security", security, createOutputs("security")),
    );
    return ["--state", "stack.json", "--state", "terraform.json"];
  }
  const BOTH = 'acme/dev: observability, terraform.json: datadog_org_connection.all["hub"]';

  test("connections of other tools are managed by the stack, or by the file and address; two owners are reported", async () => {
    const [hub, security, unmanaged] = ["observability", "security", "search"].map(connect) as [
      string,
      string,
      string,
    ];
    const states = writeOtherTools(hub, security);
    const { code, report, stderr } = await runInventory(getEnv("payments"), ...states);
    const getOwners = (id: string) => report?.connections.find((one) => one.id === id)?.managedBy;
    const ofStack = { tool: "pulumi-datadog", location: "acme/dev" };
    const ofFile = { tool: "terraform", location: "terraform.json" };
    expect([code, getOwners(unmanaged)]).toEqual([0, []]);
    expect(getOwners(security)).toMatchObject([ofStack]);
    expect(getOwners(hub)).toMatchObject([
      ofStack,
      { ...ofFile, address: 'datadog_org_connection.all["hub"]' },
    ]);
    expect(stderr).toContain(`MANAGED TWICE: ${hub}: ${BOTH}.`);
    const options = { env: getEnv("payments"), cwd: folder.path };
    const { stdout } = await runCommand(["inventory", ...states], options);
    // In the row of the connection, and in the remark.
    expect(stdout.split(BOTH)).toHaveLength(3);
  });

  test("connections of other tools are drawn by map, which reports two owners too", async () => {
    const hub = "00000000-0000-4000-8000-000000000001";
    const states = writeOtherTools(hub, "00000000-0000-4000-8000-000000000002");
    const args = ["map", ...states, "--format", "json"];
    const { code, stdout, stderr } = await runCommand(args, { cwd: folder.path });
    const { connections } = JSON.parse(stdout) as { connections: { id: string; managedBy: string[] }[] };
    expect(code).toBe(0);
    expect(connections.find(({ id }) => id === hub)?.managedBy).toEqual(["acme/dev", "terraform.json"]);
    expect(stderr).toContain(`MANAGED TWICE: ${hub}: ${BOTH}`);
  });
});

describe("untrusted names", () => {
  const evil = '=HYPERLINK("https://example.com";"x"),|<img src=x>`@team`\u001b[31m\u202e';
  const organizations = [
    { key: "shop", id: "aaaaaaaa-0001-4000-8000-000000000001", name: evil },
    { key: "hub", id: "aaaaaaaa-0002-4000-8000-000000000002", name: "+1" },
  ];
  const other = useSandbox({ seed: { accounts: [{ name: "A", organizations }] } });

  test.each([
    ["csv", /\n*live,"'=HYPERLINK\(""https:\/\/example\.com"";""x""\),.*,'\+1,/],
    [
      "markdown",
      /\| =HYPERLINK\("https:&#8203;\/\/example\.&#8203;com";"x"\),\\\|&#60;img src=x&#62;\\`@&#8203;team\\`.*\\\[31m.* \|/,
    ],
  ])("are harmless in %s", async (format, row) => {
    other().connect({ source: "shop", sink: "hub" });
    const args = ["inventory", "--format", format];
    const { stdout } = await runCommand(args, { env: createEnv(other(), ["shop"]) });
    expect(stdout).toMatch(row);
  });
});
