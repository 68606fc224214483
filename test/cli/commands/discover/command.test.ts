import { describe, expect, test } from "vitest";
import { INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE } from "../../../../core/src/host/provider-lines.js";
import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import { runProgram } from "./draft-inputs.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { useFolder } from "../../folder.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = useFolder({ isCleared: true });

const getId = (key: string) => sandbox().getOrganization(key).id;
const getEnv = (...keys: string[]) => createEnv(sandbox(), keys);
/** The credentials of an organization as the default credentials. */
const getDefaultEnv = (key: string) => {
  const { apiKey, appKey } = sandbox().getOrganization(key);
  return { DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
};
const runDiscover = (variables: Record<string, string>, ...args: string[]) =>
  runCommand(["discover", ...args], { env: variables, cwd: folder.path });
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

  test.each(["program", "import"])("of the default credentials has no source (%s)", async (format) => {
    connect("payments", "observability", "logs");
    const { stdout } = await runDiscover(getDefaultEnv("payments"), "--format", format);
    expect(stdout).toContain("acme-payments-to-acme-observability");
    expect(stdout).not.toMatch(/\bsource"?:/);
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
});

test("--from a file that is not a state fails before any request", async () => {
  folder.write("plan.json", {});
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
    const program = folder.read("index.ts");
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

  test("what can be read has no connections, but not everything can be read: the message does not exclude connections, exit 7", async () => {
    const keys = { ...getEnv("payments", "checkout"), DD_APP_KEY__CHECKOUT: "sandbox-app-key-of-no-one" };
    const { code, stdout, stderr } = await runDiscover(keys, "-o", "index.ts");
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toMatch(/^NOT CHECKED: checkout: /);
    expect(stderr).toMatch(
      /\nNo connections to adopt were found, but not everything could be read\. Nothing was written\.\n$/,
    );
    expect(stderr).not.toContain("There are no live connections");
    expect(folder.has("index.ts")).toBe(false);
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
  expect(folder.has("index.ts")).toBe(false);
});

describe("the file", () => {
  const existing = "// existing program\n";

  test("that exists is not changed, and no request is sent", async () => {
    connect("payments", "observability", "logs");
    folder.write("index.ts", existing);
    const { code, stderr } = await runDiscover(getEnv("payments"), "-o", "index.ts");
    expect([code, stderr]).toEqual([
      1,
      "index.ts exists and was not changed. Pass another file, or pass --force to overwrite index.ts.\n",
    ]);
    expect(folder.read("index.ts")).toBe(existing);
    expect(sandbox().requests).toEqual([]);
  });

  test("is not changed by --force if there is nothing to write", async () => {
    folder.write("index.ts", existing);
    expect((await runDiscover(getEnv("payments"), "-o", "index.ts", "--force")).code).toBe(0);
    expect(folder.read("index.ts")).toBe(existing);
  });
});

describe("invalid usage, or no credentials", () => {
  test.each([
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
