import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSeed, startSandbox, type Sandbox } from "../../../../sandbox/src/index.js";
import { SET_TYPE, SINGLE_TYPE } from "../../../../provider/src/type-tokens.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

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
    managedBy: { location: string; resource: string }[] | null;
    source?: { id: string; name?: string };
    sink?: { id: string; name?: string };
    ageDays?: number;
  }[];
  missing: { id: string }[];
}

async function runInventory(env: Record<string, string>, ...args: string[]) {
  const ran = await runCommand(["inventory", "--format", "json", ...args], { env });
  return { ...ran, report: ran.stdout === "" ? undefined : (JSON.parse(ran.stdout) as Report) };
}

const listIds = (report: Report | undefined) => report?.connections.map(({ id }) => id).sort();

describe("12 organizations and 2,500 connections", () => {
  const members = Array.from({ length: 11 }, (_, index) => `source-${index + 1}`);
  const configured = ["observability", ...members];
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ seed: createSeed({ sources: 1300 }) });
    for (let n = 1; n <= 1300; n++) sandbox.connect({ source: `source-${n}`, sink: "observability" });
    for (const source of members) {
      for (let n = 0; n < 109; n++)
        sandbox.connect({ source, sink: `source-${100 + n}`, connectionTypes: ["metrics"] });
    }
    sandbox.connect({ source: "source-1", sink: "security", connectionTypes: ["audit"] });
  });
  afterAll(() => sandbox.close());

  test("all are listed once, with exit 0", async () => {
    expect(sandbox.listConnections()).toHaveLength(2500);
    const { code, report, stderr } = await runInventory(createEnv(sandbox, configured));
    expect([code, stderr, report?.complete]).toEqual([0, "", true]);
    expect(report?.connections).toHaveLength(2500);
    expect(listIds(report)).toEqual(
      sandbox
        .listConnections()
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("an organization that refuses is not checked, all others are listed, exit 7", async () => {
    const env = createEnv(sandbox, configured);
    sandbox.setPermissions("source-7", ["org_connections_write"]);
    const { code, report, stderr } = await runInventory(env);
    const hidden = sandbox.getOrganization("source-7").id;
    const hub = sandbox.getOrganization("observability").id;
    const visible = sandbox
      .listConnections()
      .filter(({ sourceOrgId, sinkOrgId }) => sourceOrgId !== hidden || sinkOrgId === hub);
    expect(visible).toHaveLength(2500 - 109);
    expect(listIds(report)).toEqual(visible.map(({ id }) => id).sort());
    expect(code).toBe(7);
    expect(report?.complete).toBe(false);
    expect(report?.organizations.filter(({ checked }) => !checked)).toMatchObject([
      {
        names: ["source-7"],
        code: "forbidden",
        reason: expect.stringContaining("org_connections_read") as string,
      },
    ]);
    expect(stderr).toMatch(/^NOT CHECKED: source-7: Datadog denied/);
    sandbox.setPermissions("source-7", ["org_connections_read", "org_connections_write"]);
  });

  test.each([
    ["table", /\nNOT CHECKED: source-7: /],
    ["markdown", /\n- \*\*NOT CHECKED:\*\* source-7: /],
    ["csv", /\nnot checked,source-7,/],
  ])("the unchecked organization is in the %s too", async (format, line) => {
    const env = { ...createEnv(sandbox, configured), DD_APP_KEY__SOURCE_7: "sandbox-app-key-of-no-one" };
    const { code, stdout } = await runCommand(["inventory", "--format", format], { env });
    expect(code).toBe(7);
    expect(stdout).toMatch(line);
    expect(stdout).not.toContain("sandbox-app-key");
  });

  test("an organization with an incomplete listing is not checked, and its connections are not listed", async () => {
    sandbox.fail({
      on: { route: "listConnections", organization: "source-3" },
      times: Infinity,
      moment: "after",
      what: { kind: "short-page", drop: 1 },
    });
    const { code, report } = await runInventory(createEnv(sandbox, ["source-3"]));
    sandbox.clearFaults();
    expect([code, report?.connections, report?.organizations[0]?.code]).toEqual([
      7,
      [],
      "incomplete-listing",
    ]);
  });
});

describe("rows", () => {
  const sandbox = useSandbox();
  const getEnv = (...keys: string[]) => createEnv(sandbox(), keys);

  test("a connection that both organizations list is one row, with its creator and both names", async () => {
    const { user } = sandbox().getOrganization("payments");
    const createdBy = { ...user, serviceAccount: true };
    const id = sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { report } = await runInventory(getEnv("payments", "observability"));
    expect(report?.connections).toMatchObject([
      {
        id,
        source: { id: sandbox().getOrganization("payments").id, name: "Acme Payments" },
        sink: { id: sandbox().getOrganization("observability").id, name: "Acme Observability" },
        connectionTypes: ["logs"],
        createdBy: {
          id: user.id,
          name: user.name,
          handle: user.handle,
          email: user.email,
          serviceAccount: true,
        },
        listedBy: ["observability", "payments"],
        ageDays: 0,
        managedBy: null,
      },
    ]);
    expect(report?.organizations.map(({ name }) => name)).toEqual(["Acme Observability", "Acme Payments"]);
  });

  test("the age is in whole days by the clock of this machine", async () => {
    const old = await startSandbox({ now: () => new Date(Date.now() - 9.5 * 86_400_000) });
    old.connect({ source: "payments", sink: "observability" });
    const { report } = await runInventory(createEnv(old, ["payments"]));
    await old.close();
    expect(report?.connections[0]?.ageDays).toBe(9);
  });

  test("two names with the same keys are one organization, read once", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
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
      {
        names: ["shop"],
        checked: false,
        code: "credentials-missing",
        reason: expect.stringContaining("DD_APP_KEY__SHOP") as string,
      },
    ]);
  });

  test("it only reads", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    await runInventory(getEnv("payments", "observability", "readonly"));
    expect(new Set(sandbox().requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });
});

describe("managed or not", () => {
  const sandbox = useSandbox();
  const folder = mkdtempSync(path.join(tmpdir(), "inventory-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Writes a state with a single connection and a set with one member. */
  function writeState(single: string, member: string): string {
    const getId = (key: string) => sandbox().getOrganization(key).id;
    const createUrn = (type: string, name: string) => `urn:pulumi:dev::acme::${type}::${name}`;
    const source = { sourceOrgId: getId("payments"), sourceOrgName: "Acme Payments" };
    const resources = [
      {
        urn: createUrn(SINGLE_TYPE, "to-hub"),
        type: SINGLE_TYPE,
        id: single,
        outputs: { ...source, sinkOrgId: getId("observability"), connectionTypes: ["logs"] },
      },
      {
        urn: createUrn(SET_TYPE, "all"),
        type: SET_TYPE,
        id: getId("payments"),
        outputs: {
          ...source,
          connections: { [getId("security")]: ["logs"] },
          members: { [getId("security")]: { id: member } },
        },
      },
    ];
    const file = path.join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
    return file;
  }

  test("single and set are reported with stack and resource; an undeclared connection is unmanaged: exit 6 on request", async () => {
    const single = sandbox().connect({ source: "payments", sink: "observability" });
    const member = sandbox().connect({ source: "payments", sink: "security" });
    const undeclared = sandbox().connect({ source: "payments", sink: "search" });
    const env = createEnv(sandbox(), ["payments"]);
    const args = ["--state", writeState(single.toUpperCase(), member)];
    const { report, code } = await runInventory(env, ...args);
    expect(code).toBe(0);
    const owners = new Map(report?.connections.map(({ id, managedBy }) => [id, managedBy]));
    expect(owners.get(single)).toMatchObject([{ location: "acme/dev", resource: "to-hub" }]);
    expect(owners.get(member)).toMatchObject([{ location: "acme/dev", resource: "all" }]);
    expect(owners.get(undeclared)).toEqual([]);
    expect((await runInventory(env, ...args, "--fail-on", "unmanaged")).code).toBe(6);
    sandbox().disconnect(undeclared);
    expect((await runInventory(env, ...args, "--fail-on", "unmanaged")).code).toBe(0);
  });

  test("a connection in the state that is not live is missing if its source or destination was read", async () => {
    const single = sandbox().connect({ source: "payments", sink: "observability" });
    const member = sandbox().connect({ source: "payments", sink: "security" });
    const args = ["--state", writeState(single, member), "--fail-on", "missing,unmanaged"];
    sandbox().disconnect(member);
    const read = await runInventory(createEnv(sandbox(), ["payments"]), ...args);
    expect([read.code, read.report?.missing.map(({ id }) => id)]).toEqual([6, [member]]);
    sandbox().setPermissions("payments", []);
    const unread = await runInventory(createEnv(sandbox(), ["payments"]), ...args);
    expect([unread.code, unread.report?.missing]).toEqual([7, []]);
  });

  test("--fail-on may be repeated: each of them is checked", async () => {
    const single = sandbox().connect({ source: "payments", sink: "observability" });
    const member = sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "search" });
    const args = ["--state", writeState(single, member), "--fail-on", "unmanaged", "--fail-on", "missing"];
    expect((await runInventory(createEnv(sandbox(), ["payments"]), ...args)).code).toBe(6);
  });

  test("--fail-on without a state, or with another value, is invalid usage", async () => {
    const env = createEnv(sandbox(), ["payments"]);
    expect((await runInventory(env, "--fail-on", "unmanaged")).code).toBe(2);
    expect((await runInventory(env, "--state", "x", "--fail-on", "everything")).code).toBe(2);
  });

  test("a file that is not a state is named", async () => {
    const file = path.join(folder, "other.json");
    writeFileSync(file, "[]");
    const { code, stderr } = await runInventory(createEnv(sandbox(), ["payments"]), "--state", file);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/other\.json is not a state\. .*pulumi stack export.*tofu show -json/),
    ]);
  });

  test("no organization at all is a failure, not an empty inventory", async () => {
    const { code, stdout, stderr } = await runInventory({});
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("DD_API_KEY__NAME");
  });
});

describe("untrusted names", () => {
  const evil = '=HYPERLINK("https://example.com";"x"),|<img src=x>`@team`\u001b[31m\u202e';
  const sandbox = useSandbox({
    seed: {
      accounts: [
        {
          name: "A",
          organizations: [
            { key: "shop", id: "aaaaaaaa-0001-4000-8000-000000000001", name: evil },
            { key: "hub", id: "aaaaaaaa-0002-4000-8000-000000000002", name: "+1" },
          ],
        },
      ],
    },
  });

  test.each([
    ["csv", /\n*live,"'=HYPERLINK\(""https:\/\/example\.com"";""x""\),.*,'\+1,/],
    [
      "markdown",
      /\| =HYPERLINK\("https:&#8203;\/\/example\.&#8203;com";"x"\),\\\|&#60;img src=x&#62;\\`@&#8203;team\\`.*\\\[31m.* \|/,
    ],
  ])("are harmless in %s", async (format, row) => {
    sandbox().connect({ source: "shop", sink: "hub" });
    const env = createEnv(sandbox(), ["shop"]);
    const { stdout } = await runCommand(["inventory", "--format", format], { env });
    expect(stdout).toMatch(row);
  });

  test("a table shows them on one line, without control characters", async () => {
    sandbox().connect({ source: "shop", sink: "hub" });
    const { stdout } = await runCommand(["inventory"], { env: createEnv(sandbox(), ["shop"]) });
    expect(stdout).toContain("=HYPERLINK");
    for (const character of ["\u001b", "\u202e"]) expect(stdout).not.toContain(character);
    expect(stdout.trim().split("\n")).toHaveLength(5);
  });
});
