import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE } from "../../../../provider/src/host/provider-lines.js";
import { SINGLE_TYPE } from "../../../../provider/src/type-tokens.js";
import { runProgram } from "./draft-inputs.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "discover-"));
const file = path.join(folder, "index.ts");
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
});

const getId = (key: string) => sandbox().getOrganization(key).id;
const getEnv = (...keys: string[]) => createEnv(sandbox(), keys);
/** The credentials of an organization as the default credentials. */
const getDefaultEnv = (key: string) => {
  const { apiKey, appKey } = sandbox().getOrganization(key);
  return { DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
};
const runDiscover = (variables: Record<string, string>, ...args: string[]) =>
  runCommand(["discover", ...args], { env: variables, cwd: folder });
const connect = (source: string, sink: string, ...connectionTypes: string[]) =>
  sandbox().connect({ source, sink, connectionTypes });

/** `payments-to-observability: payments > Acme Observability: logs`. */
function listConnections(program: string): string[] {
  const getKey = (id: unknown) => sandbox().organizations.find((one) => one.id === id)?.key ?? String(id);
  return runProgram(program).map(({ name, args }) => {
    const { source = "(default)", sinkOrgId, connectionTypes } = args;
    return `${name}: ${String(source)} > ${getKey(sinkOrgId)}: ${String(connectionTypes)}`;
  });
}

describe("the program", () => {
  test("declares the connections of the configured organizations on standard output, and changes nothing", async () => {
    connect("payments", "observability", "logs", "metrics");
    connect("payments", "checkout", "audit");
    connect("search", "observability", "logs");
    const { code, stdout, stderr } = await runDiscover(getEnv("payments", "search"));
    expect(code).toBe(0);
    expect(listConnections(stdout)).toEqual([
      "payments-to-acme-checkout: payments > checkout: audit",
      "payments-to-acme-observability: payments > observability: logs,metrics",
      "search-to-acme-observability: search > observability: logs",
    ]);
    expect(stderr).toMatch(
      /^The program declares 3 connections of 2 organizations\. Next, [^]*pulumi preview/,
    );
    expect(new Set(sandbox().requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(stdout + stderr).not.toContain("sandbox-");
  });

  test("--form set: one set for each organization", async () => {
    connect("payments", "observability", "logs");
    connect("payments", "security", "audit");
    const { stdout } = await runDiscover(getEnv("payments"), "--form", "set");
    expect(runProgram(stdout)).toEqual([
      {
        kind: "set",
        name: "payments",
        args: {
          source: "payments",
          adopt: true,
          connections: { [getId("observability")]: ["logs"], [getId("security")]: ["audit"] },
        },
        options: { protect: true },
      },
    ]);
  });

  test("for the default credentials has no source", async () => {
    connect("payments", "observability", "logs");
    const { stdout } = await runDiscover(getDefaultEnv("payments"));
    expect(listConnections(stdout)).toEqual([
      "acme-payments-to-acme-observability: (default) > observability: logs",
    ]);
  });

  test("--source restricts it, and names the organization as the user does", async () => {
    connect("globex-shop", "globex-observability", "logs");
    connect("payments", "observability", "logs");
    const { stdout } = await runDiscover(getEnv("payments", "globex-shop"), "--source", "Globex_shop");
    expect(listConnections(stdout)).toEqual([
      "globex-shop-to-globex-observability: Globex_shop > globex-observability: logs",
    ]);
    expect((await runDiscover(getEnv("globex-shop"))).stdout).toContain('source: "globex-shop"');
    const both = { ...getEnv("globex-shop"), ...getDefaultEnv("globex-shop") };
    expect((await runDiscover(both, "--source", "globex-shop")).stdout).toContain('source: "globex-shop"');
  });

  test("inbound connections are reported, with the next step", async () => {
    connect("payments", "observability", "logs");
    connect("observability", "security", "audit");
    const { code, stdout, stderr } = await runDiscover(getEnv("observability"));
    expect(code).toBe(0);
    expect(listConnections(stdout)).toEqual([
      "observability-to-acme-security: observability > security: audit",
    ]);
    for (const text of [stderr, stdout.replaceAll("\n//", "")]) {
      expect(text).toMatch(
        /Not included: 1 connection [^]*Configure the credentials of these sources[^]*"Acme Payments" \(aaaaaaaa-0003-/,
      );
    }
  });
});

describe("the import file", () => {
  const listRows = (text: string) => (JSON.parse(text) as { resources: { inputs: object }[] }).resources;

  test("has the resources of the program, with their inputs and the live values", async () => {
    const id = connect("payments", "observability", "metrics", "logs");
    const { code, stdout, stderr } = await runDiscover(getEnv("payments"), "--format", "import");
    expect(code).toBe(0);
    const [live] = sandbox().listConnections();
    const inputs = {
      source: "payments",
      sinkOrgId: getId("observability"),
      connectionTypes: ["logs", "metrics"],
      adopt: true,
    };
    const liveValues = {
      sourceOrgId: getId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: live?.createdAt,
      createdBy: sandbox().getOrganization("payments").user.id,
    };
    expect(listRows(stdout)).toEqual([
      {
        type: SINGLE_TYPE,
        name: "payments-to-acme-observability",
        id,
        inputs: { ...inputs, __provider: INPUT_PROVIDER_LINE },
        outputs: { ...inputs, ...liveValues, __provider: OUTPUT_PROVIDER_LINE },
      },
    ]);
    expect(stderr).toMatch(
      /^The import file contains 1 connection of 1 organization\.[^]*pulumi import --file FILE --generate-code=false[^]*pulumi preview --refresh --expect-no-changes/,
    );
    const program = runProgram((await runDiscover(getEnv("payments"))).stdout);
    expect(program.map(({ name, args }) => [name, args])).toEqual([
      ["payments-to-acme-observability", inputs],
    ]);
  });

  test("of the default organization has no source", async () => {
    connect("payments", "observability", "logs");
    const { stdout } = await runDiscover(getDefaultEnv("payments"), "--format", "import");
    expect(listRows(stdout)[0]?.inputs).not.toHaveProperty("source");
  });
});

test("--from a file that is not a state fails before any request", async () => {
  writeFileSync(path.join(folder, "plan.json"), "{}");
  const { code, stdout, stderr } = await runDiscover(getEnv("payments"), "--from", "plan.json");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^plan\.json is not a state\. Pass the complete output of `pulumi stack export`/);
  expect(sandbox().requests).toEqual([]);
});

describe("an incomplete result", () => {
  test("an organization cannot be read: the rest is written, the organization is reported in both, exit 7", async () => {
    connect("payments", "observability", "logs");
    connect("checkout", "observability", "logs");
    const keys = { ...getEnv("payments", "checkout"), DD_APP_KEY__CHECKOUT: "sandbox-app-key-of-no-one" };
    const { code, stdout, stderr } = await runDiscover(keys, "-o", "index.ts");
    expect([code, stdout]).toEqual([7, ""]);
    const program = readFileSync(file, "utf8");
    expect(listConnections(program)).toEqual([
      "payments-to-acme-observability: payments > observability: logs",
    ]);
    for (const text of [stderr, program]) {
      expect(text).toMatch(
        /NOT CHECKED: checkout: connections from this organization are not included\. Datadog /,
      );
      expect(text).not.toContain("sandbox-app-key");
    }
  });

  test("it is unknown which organization the credentials belong to, exit 7", async () => {
    connect("payments", "observability", "logs");
    sandbox().setPermissions("payments", ["org_connections_read"]);
    const { code, stdout, stderr } = await runDiscover(getEnv("payments"));
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toMatch(
      /^NOT CHECKED: payments: connections from this organization[^]*nothing proves to which organization[^]*No connections to adopt were found, but not everything could be read\. Nothing was written\.\n$/,
    );
  });

  test("what can be read has no connections, but not everything can be read: the message does not exclude connections, exit 7", async () => {
    const keys = { ...getEnv("payments", "checkout"), DD_APP_KEY__CHECKOUT: "sandbox-app-key-of-no-one" };
    const { code, stdout, stderr } = await runDiscover(keys, "-o", "index.ts");
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toMatch(/^NOT CHECKED: checkout: /);
    expect(stderr).toMatch(
      /\nNo connections to adopt were found, but not everything could be read\. Nothing was written\.\n$/,
    );
    expect(stderr).not.toContain("There are no live connections");
    expect(existsSync(file)).toBe(false);
  });

  test("no organization can be read: failure", async () => {
    const { code, stdout, stderr } = await runDiscover({
      ...getEnv("payments"),
      DD_API_KEY__PAYMENTS: "wrong",
    });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^NOT CHECKED: payments: /);
  });
});

test("no live connections: a message, no file, exit 0", async () => {
  const { code, stdout, stderr } = await runDiscover(getEnv("payments"), "-o", "index.ts");
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toBe("There are no live connections that a program can adopt. Nothing was written.\n");
  expect(existsSync(file)).toBe(false);
});

describe("the file", () => {
  const existing = "// existing program\n";

  test("that exists is not changed, and no request is sent", async () => {
    connect("payments", "observability", "logs");
    writeFileSync(file, existing);
    const { code, stderr } = await runDiscover(getEnv("payments"), "-o", "index.ts");
    expect([code, stderr]).toEqual([
      1,
      "index.ts exists and was not changed. Pass another file, or pass --force to overwrite index.ts.\n",
    ]);
    expect(readFileSync(file, "utf8")).toBe(existing);
    expect(sandbox().requests).toEqual([]);
  });

  test("is overwritten by --force, through a link too, without temporary files left over", async () => {
    connect("payments", "observability", "logs");
    writeFileSync(file, existing);
    symlinkSync(file, path.join(folder, "link.ts"));
    expect((await runDiscover(getEnv("payments"), "-o", "link.ts", "--force")).code).toBe(0);
    expect(listConnections(readFileSync(file, "utf8"))).toHaveLength(1);
    expect(readdirSync(folder).toSorted()).toEqual(["index.ts", "link.ts"]);
    expect((await runDiscover(getEnv("payments"), "-o", "new.ts", "--force")).code).toBe(0);
    expect(listConnections(readFileSync(path.join(folder, "new.ts"), "utf8"))).toHaveLength(1);
  });

  test("is not changed by --force if there is nothing to write", async () => {
    writeFileSync(file, existing);
    expect((await runDiscover(getEnv("payments"), "-o", "index.ts", "--force")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(existing);
  });

  test.each([[[]], [["--force"]]])("that cannot be written is a failure with its cause %j", async (more) => {
    connect("payments", "observability", "logs");
    const { code, stderr } = await runDiscover(getEnv("payments"), "-o", "missing/index.ts", ...more);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^missing\/index\.ts was not written: its folder does not exist \(ENOENT\)\. /);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("invalid usage, or no credentials", () => {
  test.each([
    [["--force"], 2, "--force requires -o FILE."],
    [["--form", "list"], 2, "--form"],
    [["--form", "set", "--format", "import"], 2, "--format import writes only single connections."],
    [
      ["--source", "unconfigured"],
      1,
      'No credentials are configured for organization "unconfigured". Configure them, or pass a configured organization: payments.',
    ],
  ])("%j", async (args, exit, message) => {
    const { code, stdout, stderr } = await runDiscover(getEnv("payments"), ...args);
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(message);
  });

  test("no organization at all", async () => {
    const { code, stderr } = await runDiscover({});
    expect(code).toBe(1);
    expect(stderr).toContain("DD_API_KEY__NAME");
  });
});

test("--help has examples and exit codes", async () => {
  const { code, stdout } = await runDiscover({}, "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Examples:[^]*discover -o index\.ts[^]*Exit codes:\n {2}0 {2}[^]*\n {2}7 {2}an organization was not checked, a resource of a state was not read, or a\s+connection of --from was not verified; [^]*if\s+any, are written\n {2}1 {2}failed\n/,
  );
});
