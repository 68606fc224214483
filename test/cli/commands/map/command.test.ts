import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../../../sandbox/src/index.js";
import type { Topology } from "../../../../cli/src/topology/topology.js";
import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import { createAcme, createAcmeState, startAcme } from "./acme.js";
import { createKeyEnv } from "./draw-acme.js";
import { useFolder } from "../../folder.js";
import { runCommand } from "../../run-command.js";

const company = createAcme();
const folder = useFolder();
const file = folder.getPath("state.json");
let sandbox: Sandbox;
let state = "";

beforeAll(async () => {
  sandbox = await startAcme(company);
  state = JSON.stringify(createAcmeState(company, sandbox));
  folder.write("state.json", state);
});
afterEach(() => sandbox.clearFaults());
afterAll(() => sandbox.close());

const runMap = (args: string[], options: Parameters<typeof runCommand>[1] = {}) =>
  runCommand(["map", ...args], { env: createKeyEnv(sandbox), ...options });
const parseTopology = (text: string) => JSON.parse(text) as Topology;

/** `Acme Search → Acme Data Science: logs`. */
function formatConnections({ organizations, connections }: Topology): string[] {
  const findName = (id: string) => organizations.find((one) => one.id === id)?.name ?? id;
  return connections.map(
    ({ sourceOrgId, sinkOrgId, connectionTypes }) =>
      `${findName(sourceOrgId)} → ${findName(sinkOrgId)}: ${connectionTypes.join(", ")}`,
  );
}

describe("of a state", () => {
  test("json: every connection with names, creator, age and stack", async () => {
    const { code, stdout, stderr } = await runMap(["--state", file, "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const topology = parseTopology(stdout);
    expect(topology.connections).toHaveLength(company.connections.filter(({ managed }) => managed).length);
    expect(formatConnections(topology)).toContain("Acme Payments → Acme Security: audit");
    expect(topology.stacks).toEqual(["acme/prod"]);
    expect(topology.connections[0]).toMatchObject({
      managedBy: ["acme/prod"],
      createdAt: expect.stringMatching(/^20/) as string,
      createdBy: expect.stringMatching(/^aaaaaaaa-/) as string,
    });
    expect(sandbox.requests).toHaveLength(0);
  });

  test("- is standard input, and several states become one picture", async () => {
    const other = state.replaceAll("urn:pulumi:prod::acme::", "urn:pulumi:dev::shop::");
    const { stdout } = await runMap(["--state", "-", "--state", file, "--format", "json"], { stdin: other });
    const topology = parseTopology(stdout);
    expect(topology.stacks).toEqual(["shop/dev", "acme/prod"]);
    expect(topology.connections[0]?.managedBy).toEqual(["acme/prod", "shop/dev"]);
  });

  test("a source that only some connections of a stack identify is drawn once", async () => {
    const unidentified = state.replace(/"sourceOrgId":"[^"]*","sourceOrgName":"Acme Payments",/, "");
    expect(unidentified).not.toBe(state);
    const draw = async (stdin: string) =>
      (await runMap(["--state", "-", "--format", "json"], { stdin })).stdout;
    expect(await draw(unidentified)).toBe(await draw(state));
  });

  test.each([
    ["svg", /^<svg xmlns[^]*<title id="map-title">Connections of acme\/prod<\/title>[^]*<\/svg>\n$/],
    ["html", /^<!doctype html>[^]*<title>Connections of acme\/prod<\/title>[^]*<\/html>\n$/],
    ["mermaid", /^flowchart LR\n[^]* {2}o\d+ -->\|"audit"\| o\d+\n/],
  ])("%s goes to standard output", async (format, expected) => {
    const { code, stdout } = await runMap(["--state", file, "--format", format]);
    expect(code).toBe(0);
    expect(stdout).toMatch(expected);
  });

  test("-o writes a file and prints a summary", async () => {
    const { code, stdout } = await runMap(["--state", file, "-o", "map.html", "--title", "Ours"], {
      cwd: folder.path,
    });
    expect([code, stdout]).toEqual([0, "map.html: 29 organizations, 35 connections; all managed\n"]);
    expect(folder.read("map.html")).toContain("<title>Ours</title>");
  });
});

describe("of what is live", () => {
  test("all configured organizations; without a stack, it is unknown what is managed", async () => {
    const { code, stdout, stderr } = await runMap(["--live", "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const topology = parseTopology(stdout);
    expect(topology.connections).toHaveLength(company.connections.length);
    expect(topology.stacks).toBeUndefined();
    expect(topology.connections.find(({ createdBy }) => createdBy === "Kim Berg")).toBeDefined();
  });

  test("with a state, unmanaged connections are marked", async () => {
    const { stdout } = await runMap(["--live", "--state", file, "--format", "json"]);
    const topology = parseTopology(stdout);
    const unmanaged = topology.connections.filter(({ managedBy = [] }) => managedBy.length === 0);
    expect(formatConnections({ ...topology, connections: unmanaged })).toEqual([
      "Acme Search → Acme Data Science: logs",
      "Acme Vendor Trial → Acme Data Science: audit, logs, metrics",
    ]);
  });

  test("a managed connection whose types differ from the state is marked as drifted, with the types of the state", async () => {
    const drifted = state.replace('"connectionTypes":["logs","metrics"]', '"connectionTypes":["logs"]');
    const draw = async (format: string, stdin: string) =>
      (await runMap(["--live", "--state", "-", "--format", format], { stdin })).stdout;
    const { connections } = parseTopology(await draw("json", drifted));
    expect(connections.flatMap(({ declaredTypes }) => (declaredTypes ? [declaredTypes] : []))).toEqual([
      ["logs"],
    ]);
    const svg = await draw("svg", drifted);
    expect(svg).toContain("; 2 unmanaged, 1 drifted<");
    expect(svg).toContain(">drifted: logs, metrics</text>");
    expect(await draw("html", drifted)).toContain('<span class="warn">drifted from logs</span>');
    expect(await draw("svg", state)).not.toContain(">drifted");
  });

  test("an organization with two sets of credentials counts once in the title", async () => {
    const { bearerToken } = sandbox.getOrganization("security");
    const env = { ...createKeyEnv(sandbox), DD_BEARER_TOKEN__AUDITORS: bearerToken };
    const { stdout } = await runMap(["--live", "--format", "svg"], { env });
    expect(stdout).toContain(">Live connections of 4 organizations</title>");
  });

  test("--source selects the connections of these organizations, and those of others in a state are not reported", async () => {
    const args = ["--live", "--source", "data-science", "--state", file, "--format", "json"];
    const { code, stdout, stderr } = await runMap(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(formatConnections(parseTopology(stdout))).toEqual([
      "Acme Data Science → Acme Observability: metrics",
      "Acme Search → Acme Data Science: logs",
      "Acme Vendor Trial → Acme Data Science: audit, logs, metrics",
    ]);
  });

  test("an organization that was not checked is reported, and the others are drawn: exit code 7", async () => {
    const env = { ...createKeyEnv(sandbox), DD_API_KEY__SECURITY: "wrong" };
    const { code, stdout, stderr } = await runMap(["--live", "--format", "json"], { env });
    expect(code).toBe(7);
    expect(stderr).toMatch(/^NOT CHECKED: security: /);
    // The six connections that only this organization lists are missing. The others are listed at their other end too.
    expect(parseTopology(stdout).connections).toHaveLength(company.connections.length - 6);
  });

  test("a connection of the state that is not live is not drawn, but reported", async () => {
    const gone = state.replace(
      sandbox.listConnections()[0]?.id ?? "",
      "00000000-0000-4000-8000-000000000000",
    );
    const { code, stderr } = await runMap(["--live", "--state", "-", "--format", "json"], { stdin: gone });
    expect([code, stderr]).toEqual([
      0,
      "NOT DRAWN (not live): 1 connection of the given states. For details, run `datadog-org-connections inventory` with these states.\n",
    ]);
  });

  test("a connection of the state that is not listed, and whose organizations are unknown, is reported: exit code 7", async () => {
    const urn = `urn:pulumi:prod::acme::${SINGLE_TYPE}::hidden`;
    const resource = {
      urn,
      type: SINGLE_TYPE,
      id: "00000000-0000-4000-8000-000000000000",
      outputs: { connectionTypes: ["logs"] },
    };
    const { code, stderr } = await runMap(["--live", "--state", "-", "--format", "json"], {
      stdin: JSON.stringify({ version: 3, deployment: { resources: [resource] } }),
    });
    expect(code).toBe(7);
    expect(stderr).toMatch(/^NOT VERIFIED: acme\/prod: hidden \(00000000-.+\): .+\n$/);
  });
});

describe("fails with one message", () => {
  test.each([
    [[], 2, "Specify what to draw"],
    [["--source", "x", "--state", "s"], 2, "--source requires --live"],
    [["--state", "s", "--format", "pdf"], 2, "pdf"],
    [
      ["--live", "--source", "unknown"],
      1,
      'No credentials are configured for organization "unknown". Configure them, or pass a configured organization: ',
    ],
  ])("%j", async (args, exit, message) => {
    const { code, stdout, stderr } = await runMap(args, { cwd: folder.path });
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at |sandbox-ap/);
  });

  test("when no organization could be checked", async () => {
    const env = { DD_HOST: sandbox.url, DD_API_KEY: "wrong", DD_APP_KEY: "wrong" };
    const { code, stdout, stderr } = await runMap(["--live"], { env });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^NOT CHECKED: \(default\): /);
  });
});
